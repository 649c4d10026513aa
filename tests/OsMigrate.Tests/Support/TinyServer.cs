using System.Net;
using System.Net.Sockets;
using System.Text;

namespace OsMigrate.Tests.Support;

/// <summary>An HTTP server of a few lines: takes in each request's body and answers what the test says, one request per connection.</summary>
public sealed class TinyServer : IDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly Func<string, byte[], string> _answer;
    private int _served;

    /// <param name="answer">First line and body of a request to the whole answer, as it goes over the wire.</param>
    public TinyServer(Func<string, byte[], string> answer)
    {
        _answer = answer;
        _listener.Start();
        Address = new Uri($"http://127.0.0.1:{((IPEndPoint)_listener.LocalEndpoint).Port}/");
        _ = Listen();
    }

    public Uri Address { get; }

    /// <summary>Requests that came in wholly.</summary>
    public int Served => Volatile.Read(ref _served);

    /// <summary>An answer with its length.</summary>
    public static string Text(string body, string status = "200 OK") => $"HTTP/1.1 {status}\r\nContent-Type: application/json\r\nContent-Length: {Encoding.UTF8.GetByteCount(body)}\r\n\r\n{body}";

    public void Dispose() => _listener.Stop();

    private async Task Listen()
    {
        try
        {
            while (true)
                _ = Serve(await _listener.AcceptTcpClientAsync());
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            // Stopped.
        }
    }

    private async Task Serve(TcpClient client)
    {
        using (client)
        {
            try
            {
                var stream = client.GetStream();
                var head = new StringBuilder();
                var one = new byte[1];
                while (!head.ToString().EndsWith("\r\n\r\n", StringComparison.Ordinal))
                {
                    await stream.ReadExactlyAsync(one);
                    head.Append((char)one[0]);
                }

                var lines = head.ToString().Split("\r\n");
                if (lines.Any(l => l.StartsWith("Expect:", StringComparison.OrdinalIgnoreCase)))
                    await stream.WriteAsync("HTTP/1.1 100 Continue\r\n\r\n"u8.ToArray());
                var length = lines.Where(l => l.StartsWith("Content-Length:", StringComparison.OrdinalIgnoreCase)).Select(l => int.Parse(l.Split(':')[1].Trim(), null)).FirstOrDefault();
                var body = new byte[length];
                await stream.ReadExactlyAsync(body);
                Interlocked.Increment(ref _served);
                await stream.WriteAsync(Encoding.UTF8.GetBytes(_answer(lines[0], body)));
            }
            catch (Exception e) when (e is IOException or SocketException or ObjectDisposedException)
            {
                // The client went away.
            }
        }
    }
}
