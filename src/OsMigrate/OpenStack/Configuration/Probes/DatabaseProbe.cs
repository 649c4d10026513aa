using MySqlConnector;
using OsMigrate.Bytes;
using OsMigrate.Net;
using OsMigrate.OpenStack.Configuration.Values;

namespace OsMigrate.OpenStack.Configuration.Probes;

/// <summary>Logs in at a MySQL or MariaDB as the service would, and looks whether the database has tables. PostgreSQL is only reached.</summary>
internal static class DatabaseProbe
{
    private const int PostgresPort = 5432;

    public static ProbeResult Run(DatabaseUrl url, TimeSpan limit, CancellationToken cancel)
    {
        if (url.Dialect is not ("mysql" or "mariadb"))
            return url.Dialect == "postgresql" && url.Host is { } host && !TcpPort.Answers(host, url.Port ?? PostgresPort, limit, cancel) ? new(ProbeOutcome.Unreachable, "no connection came about") : new(ProbeOutcome.Works, "");
        using var expiry = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        expiry.CancelAfter(limit);
        try
        {
            using var connection = new MySqlConnection(Settings(url, limit));
            connection.OpenAsync(expiry.Token).GetAwaiter().GetResult();
            using var command = new MySqlCommand("SELECT COUNT(*) FROM information_schema.tables WHERE table_schema = DATABASE()", connection);
            var tables = Convert.ToInt64(command.ExecuteScalarAsync(expiry.Token).GetAwaiter().GetResult(), System.Globalization.CultureInfo.InvariantCulture);
            return tables > 0 ? new(ProbeOutcome.Works, FormattableString.Invariant($"{connection.ServerVersion}, {tables} tables")) : new(ProbeOutcome.Missing, "the database has no tables: db sync was not run");
        }
        catch (Exception e) when (e is MySqlException or OperationCanceledException or System.Net.Sockets.SocketException or IOException or NotSupportedException)
        {
            cancel.ThrowIfCancellationRequested();
            return Failure(e, url);
        }
    }

    private static string Settings(DatabaseUrl url, TimeSpan limit)
    {
        var settings = new MySqlConnectionStringBuilder
        {
            UserID = url.User ?? "", Password = url.Password?.Reveal() ?? "", Database = url.Database, Pooling = false, PersistSecurityInfo = false,
            ConnectionTimeout = (uint)Math.Max(1, limit.TotalSeconds), DefaultCommandTimeout = (uint)Math.Max(1, limit.TotalSeconds), AllowLoadLocalInfile = false,
        };
        if (url.Socket is { } socket)
        {
            (settings.Server, settings.ConnectionProtocol, settings.SslMode) = (socket, MySqlConnectionProtocol.UnixSocket, MySqlSslMode.None);
            return settings.ConnectionString;
        }

        settings.Server = url.Host ?? "localhost";
        if (url.Port is { } port)
            settings.Port = (uint)port;
        // As PyMySQL: with an authority it is checked, without one the connection is as private as the server makes it.
        if (url.Query.TryGetValue("ssl_ca", out var authority))
            (settings.SslMode, settings.SslCa) = (MySqlSslMode.VerifyCA, File.Exists(authority) ? authority : "");
        return settings.ConnectionString;
    }

    private static ProbeResult Failure(Exception e, DatabaseUrl url)
    {
        var words = Secret.Hide(e.GetBaseException().Message.TrimEnd('.'), [url.Password]) ?? "";
        return (e as MySqlException)?.ErrorCode switch
        {
            MySqlErrorCode.AccessDenied => new(ProbeOutcome.Refused, words),
            MySqlErrorCode.UnknownDatabase or MySqlErrorCode.DatabaseAccessDenied => new(ProbeOutcome.Missing, words),
            MySqlErrorCode.UnableToConnectToHost or null => new(ProbeOutcome.Unreachable, e is OperationCanceledException ? "no answer in time" : words),
            _ when e.InnerException is System.Security.Authentication.AuthenticationException => new(ProbeOutcome.Certificate, words),
            _ => new(ProbeOutcome.WrongServer, words),
        };
    }
}
