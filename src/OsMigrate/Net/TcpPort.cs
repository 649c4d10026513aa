using System.Net.Sockets;

namespace OsMigrate.Net;

/// <summary>Asks whether something listens on a TCP port.</summary>
public static class TcpPort
{
    /// <returns>True when a connection came about; it is closed at once.</returns>
    public static bool Answers(string host, int port, TimeSpan limit, CancellationToken cancel)
    {
        using var client = new TcpClient(host.IndexOf(':') >= 0 ? AddressFamily.InterNetworkV6 : AddressFamily.InterNetwork);
        try
        {
            var connecting = client.ConnectAsync(host, port);
            return connecting.Wait((int)limit.TotalMilliseconds, cancel) && client.Connected;
        }
        catch (Exception e) when (e is AggregateException or SocketException)
        {
            return false;
        }
    }
}
