using System.Net.Sockets;
using OsMigrate.Bytes;

namespace OsMigrate.Net;

/// <summary>Turns what connections throw into our own errors. The only place that does.</summary>
internal static class NetErrors
{
    /// <param name="expired">The time limit ended it.</param>
    /// <param name="sent">Bytes of the body that were sent; null when there was none.</param>
    /// <param name="certificate">What was wrong with the server's certificate, or null.</param>
    public static OsMigrateException Map(Exception e, HttpCall call, bool expired, long? sent, string? certificate)
    {
        var server = Server(call.Address);
        if (certificate is not null)
        {
            return new OsMigrateException(ErrorIds.NetCertificate, ErrorKind.PermissionDenied, $"The certificate of {server} is not trusted: {certificate}.", server, e)
            {
                Advice = "Give the authority that signed it (cacert in clouds.yaml, or -CACertificate), for a vCenter or host perhaps its -Thumbprint with Connect-VSphere, or correct the name. Verification can be turned off for this one server, at your own risk.",
            };
        }

        if (expired)
            return new OsMigrateException(ErrorIds.NetTimeout, ErrorKind.ResourceUnavailable, $"{server} did not answer {call} in time.", server, e);
        if (Socket(e) is { } code && NoConnection(code) && sent is null or 0)
            return new OsMigrateException(ErrorIds.NetUnreachable, ErrorKind.ResourceUnavailable, $"{server} cannot be reached: {Words(code)}.", server, e) { Advice = "Check the address, the port, the proxy and the firewall." };
        if (e.GetBaseException() is System.Security.Authentication.AuthenticationException tls)
            return new OsMigrateException(ErrorIds.NetCertificate, ErrorKind.PermissionDenied, $"No secure connection to {server} came about: {tls.Message.TrimEnd('.')}.", server, e);
        var place = sent is > 0 ? $" after {sent} bytes were sent" : "";
        return new OsMigrateException(ErrorIds.NetInterrupted, ErrorKind.ResourceUnavailable, $"The connection to {server} broke in {call}{place}: {e.GetBaseException().Message.TrimEnd('.')}.", server, e);
    }

    public static OsMigrateException TooLarge(HttpCall call, long limit)
        => new(ErrorIds.NetBadAnswer, ErrorKind.InvalidData, $"The answer to {call} is larger than the {ByteSize.Text(limit)} allowed.", Server(call.Address));

    private static string Server(Uri address) => address.IsDefaultPort ? address.Host : $"{address.Host}:{address.Port}";

    private static SocketError? Socket(Exception? e)
    {
        for (; e is not null; e = e.InnerException)
        {
            if (e is SocketException socket)
                return socket.SocketErrorCode;
        }

        return null;
    }

    private static bool NoConnection(SocketError code) => code is SocketError.ConnectionRefused or SocketError.HostNotFound or SocketError.NoData or SocketError.TryAgain
        or SocketError.HostUnreachable or SocketError.NetworkUnreachable or SocketError.AddressNotAvailable or SocketError.NetworkDown or SocketError.HostDown;

    private static string Words(SocketError code) => code switch
    {
        SocketError.ConnectionRefused => "the connection was refused",
        SocketError.HostNotFound or SocketError.NoData => "the name is unknown",
        SocketError.TryAgain => "the name server did not answer",
        SocketError.HostUnreachable or SocketError.HostDown => "there is no way to the host",
        _ => "there is no way to its network",
    };
}
