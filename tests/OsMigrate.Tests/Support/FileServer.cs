using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace OsMigrate.Tests.Support;

/// <summary>A web server with one file, as downloads meet them: ranges, ETags, redirects, and connections that break.</summary>
public sealed class FileServer : IDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);

    public FileServer(byte[] content)
    {
        Content = content;
        _listener.Start();
        Address = new Uri($"http://127.0.0.1:{((IPEndPoint)_listener.LocalEndpoint).Port}/virtio-win.iso");
        _ = Listen();
    }

    public Uri Address { get; }

    public byte[] Content { get; set; }

    public string? ETag { get; set; } = "\"one\"";

    public bool HasRanges { get; set; } = true;

    /// <summary>Breaks each answer after so many bytes of the body; 0 for never.</summary>
    public int BreakAfter { get; set; }

    /// <summary>Answers this instead of the file; null for the file.</summary>
    public string? Instead { get; set; }

    /// <summary>First line and headers of every request, in small letters.</summary>
    public List<string> Requests { get; } = [];

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

                var request = head.ToString().ToLowerInvariant();
                lock (Requests)
                    Requests.Add(request);
                var (answer, body) = Answer(request);
                await stream.WriteAsync(Encoding.ASCII.GetBytes(answer));
                await stream.WriteAsync(body.AsMemory(0, BreakAfter > 0 ? Math.Min(BreakAfter, body.Length) : body.Length));
            }
            catch (Exception e) when (e is IOException or SocketException or ObjectDisposedException)
            {
                // The client went away.
            }
        }
    }

    private (string Head, byte[] Body) Answer(string request)
    {
        if (Instead is { } other && !request.StartsWith("get /moved", StringComparison.Ordinal))
            return (other, []);
        var tag = ETag is null ? "" : $"ETag: {ETag}\r\n";
        if (ETag is not null && Header(request, "if-none-match") == ETag)
            return ($"HTTP/1.1 304 Not Modified\r\n{tag}Content-Length: 0\r\nConnection: close\r\n\r\n", []);
        if (HasRanges && Header(request, "range") is { } range && Header(request, "if-range") == ETag)
        {
            var first = int.Parse(range.Split('=', '-')[1], CultureInfo.InvariantCulture);
            return first >= Content.Length
                ? ($"HTTP/1.1 416 Range Not Satisfiable\r\nContent-Range: bytes */{Content.Length}\r\nContent-Length: 0\r\nConnection: close\r\n\r\n", [])
                : ($"HTTP/1.1 206 Partial Content\r\n{tag}Content-Range: bytes {first}-{Content.Length - 1}/{Content.Length}\r\nContent-Length: {Content.Length - first}\r\nConnection: close\r\n\r\n", Content[first..]);
        }

        return ($"HTTP/1.1 200 OK\r\n{tag}Content-Length: {Content.Length}\r\nConnection: close\r\n\r\n", Content);
    }

    private static string? Header(string request, string name)
        => request.Split("\r\n").FirstOrDefault(l => l.StartsWith(name + ":", StringComparison.Ordinal))?[(name.Length + 1)..].Trim();
}
