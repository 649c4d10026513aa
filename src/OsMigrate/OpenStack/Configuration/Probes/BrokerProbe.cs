using OsMigrate.Bytes;
using OsMigrate.Net;
using OsMigrate.OpenStack.Configuration.Values;
using RabbitMQ.Client;
using RabbitMQ.Client.Exceptions;

namespace OsMigrate.OpenStack.Configuration.Probes;

/// <summary>Logs in at a RabbitMQ by AMQP as the service would, and opens its virtual host. Nothing is declared or sent.</summary>
internal static class BrokerProbe
{
    public static ProbeResult Run(TransportHost host, string virtualHost, bool tls, TimeSpan limit, CancellationToken cancel)
    {
        // The client's own error for a closed port and for a wrong password is the same one.
        if (!TcpPort.Answers(host.Host, host.Port, limit, cancel))
            return new(ProbeOutcome.Unreachable, "no connection came about");
        var factory = new ConnectionFactory
        {
            HostName = host.Host, Port = host.Port, UserName = host.User ?? "guest", Password = host.Password?.Reveal() ?? "guest", VirtualHost = virtualHost,
            RequestedConnectionTimeout = limit, ContinuationTimeout = limit, HandshakeContinuationTimeout = limit, AutomaticRecoveryEnabled = false, ClientProvidedName = "OsMigrate Test-OpenStackConfig",
        };
        if (tls)
            factory.Ssl = new SslOption(host.Host, enabled: true);
        using var expiry = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        expiry.CancelAfter(limit + limit);
        try
        {
            var connection = factory.CreateConnectionAsync(expiry.Token).GetAwaiter().GetResult();
            try
            {
                return new(ProbeOutcome.Works, connection.ServerProperties?.TryGetValue("version", out var version) == true && version is byte[] bytes ? "RabbitMQ " + System.Text.Encoding.UTF8.GetString(bytes) : "");
            }
            finally
            {
                connection.CloseAsync(CancellationToken.None).GetAwaiter().GetResult();
                connection.DisposeAsync().AsTask().GetAwaiter().GetResult();
            }
        }
        catch (Exception e) when (e is RabbitMQClientException or OperationCanceledException or IOException or System.Net.Sockets.SocketException or TimeoutException or System.Security.Authentication.AuthenticationException)
        {
            cancel.ThrowIfCancellationRequested();
            return Failure(e, host.Password);
        }
    }

    private static ProbeResult Failure(Exception e, Secret? password)
    {
        var words = Secret.Hide(e.GetBaseException().Message.TrimEnd('.'), [password]) ?? "";
        var chain = Chain(e).ToList();
        if (chain.Exists(c => c is AuthenticationFailureException or PossibleAuthenticationFailureException))
            return new(ProbeOutcome.Refused, "user or password is refused");
        if (chain.OfType<OperationInterruptedException>().FirstOrDefault() is { ShutdownReason: { } reason })
            return reason.ReplyCode == Constants.AccessRefused ? new(ProbeOutcome.Refused, "user or password is refused") : new(ProbeOutcome.Missing, reason.ReplyText);
        if (chain.Exists(c => c is System.Security.Authentication.AuthenticationException))
            return new(ProbeOutcome.Certificate, words);
        return new(ProbeOutcome.WrongServer, words);
    }

    private static IEnumerable<Exception> Chain(Exception? e)
    {
        for (; e is not null; e = e.InnerException)
            yield return e;
    }
}
