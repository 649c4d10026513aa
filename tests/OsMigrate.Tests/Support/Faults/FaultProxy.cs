using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.RegularExpressions;

namespace OsMigrate.Tests.Support.Faults;

/// <summary>Stands between a client and the services of a cloud: hands everything on, does wrong what the rules say, and remembers every request.</summary>
/// <remarks>Plain HTTP on loopback. Each service gets a port of its own; Keystone's catalogue is changed on the way so that the client goes there.</remarks>
public sealed partial class FaultProxy : IDisposable
{
    private readonly CancellationTokenSource _end = new();
    private readonly Dictionary<string, Uri> _fronts = new(StringComparer.Ordinal);
    private readonly List<TcpListener> _listeners = [];
    private int _expired;
    private readonly ConcurrentQueue<ProxiedRequest> _requests = new();
    private readonly List<FaultRule> _rules = [];
    private readonly ConcurrentDictionary<string, DateTime> _tokens = new(StringComparer.Ordinal);

    /// <summary>How long tokens are good for; null for as long as Keystone says. Requests with an older one get 401.</summary>
    public TimeSpan? TokenLife { get; set; }

    /// <summary>Requests that were refused since their token was too old.</summary>
    public int Expired => _expired;

    /// <summary>Every token that was given out.</summary>
    public IReadOnlyCollection<string> Tokens => [.. _tokens.Keys];

    /// <summary>All requests in the order they came.</summary>
    public IReadOnlyList<ProxiedRequest> Requests => [.. _requests];

    /// <summary>Requests that may have changed something: none must be made by -WhatIf.</summary>
    public IReadOnlyList<ProxiedRequest> Changes => [.. _requests.Where(r => r.IsChange)];

    /// <summary>Makes something go wrong from now on. The first rule that strikes counts.</summary>
    public FaultRule Add(string method, string path, Fault fault, int times = 1, int after = 0)
    {
        var rule = new FaultRule(method, path, fault) { Times = times, After = after };
        lock (_rules)
            _rules.Add(rule);
        return rule;
    }

    /// <summary>Forgets rules and requests.</summary>
    public void Clear()
    {
        lock (_rules)
            _rules.Clear();
        _requests.Clear();
    }

    /// <summary>How many requests there were.</summary>
    /// <param name="method">GET, POST ...; "*" for any.</param>
    /// <param name="path">Regular expression, matched against path and query.</param>
    public int Count(string method, string path) => _requests.Count(r => (method == "*" || r.Method == method) && Regex.IsMatch(r.Target, path, RegexOptions.CultureInvariant, TimeSpan.FromSeconds(1)));

    /// <summary>The address that stands for a service's address: another port, the same path. Opened when it is asked for first.</summary>
    public Uri Front(Uri service)
    {
        var origin = new Uri(service.GetLeftPart(UriPartial.Authority));
        Uri? front;
        lock (_fronts)
        {
            if (!_fronts.TryGetValue(origin.Authority, out front))
            {
                var listener = new TcpListener(IPAddress.Loopback, 0);
                listener.Start();
                _listeners.Add(listener);
                _fronts[origin.Authority] = front = new Uri($"http://127.0.0.1:{((IPEndPoint)listener.LocalEndpoint).Port}");
                _ = Listen(listener, origin);
            }
        }

        return new Uri(front, service.PathAndQuery);
    }

    /// <summary>Writes a clouds.yaml whose clouds are those of another one, reached through here.</summary>
    /// <returns>Its path.</returns>
    public string WriteClouds(string cloudsFile, string folder)
    {
        var path = Path.Combine(folder, "clouds.yaml");
        File.WriteAllText(path, AuthAddress().Replace(File.ReadAllText(cloudsFile), m => m.Groups["before"].Value + Front(new Uri(m.Groups["address"].Value)).ToString()));
        return path;
    }

    public void Dispose()
    {
        _end.Cancel();
        lock (_fronts)
            _listeners.ForEach(l => l.Stop());
        _end.Dispose();
    }

    /// <summary>Remembers a request and says what shall go wrong with it.</summary>
    internal Fault? Meet(ProxiedRequest request)
    {
        _requests.Enqueue(request);
        if (request.Headers.TryGetValue("X-Auth-Token", out var token) && _tokens.TryGetValue(token, out var end) && end < DateTime.UtcNow)
        {
            Interlocked.Increment(ref _expired);
            return new Fault.Answer(401);
        }

        lock (_rules)
            return _rules.FirstOrDefault(r => r.Strikes(request))?.Fault;
    }

    /// <summary>True when the answer is a token with its catalogue.</summary>
    internal static bool NamesServices(ProxiedRequest request)
        => request.Target.EndsWith("/auth/tokens", StringComparison.Ordinal) || request.Target.EndsWith("/auth/catalog", StringComparison.Ordinal);

    /// <summary>The catalogue with the addresses of the fronts.</summary>
    internal byte[] Redirect(byte[] body)
        => Encoding.UTF8.GetBytes(CatalogueAddress().Replace(Encoding.UTF8.GetString(body), m => m.Groups["before"].Value + Front(new Uri(m.Groups["address"].Value)).GetLeftPart(UriPartial.Authority)));

    /// <summary>Notes a token, and shortens its life where that is wanted.</summary>
    internal byte[] Lend(string token, byte[] body)
    {
        var end = TokenLife is { } life ? DateTime.UtcNow + life : DateTime.MaxValue;
        _tokens[token] = end;
        return TokenLife is null ? body : Encoding.UTF8.GetBytes(ExpiresAt().Replace(Encoding.UTF8.GetString(body), m => m.Groups["before"].Value + end.ToString("yyyy-MM-dd'T'HH:mm:ss.ffffff'Z'", System.Globalization.CultureInfo.InvariantCulture)));
    }

    private async Task Listen(TcpListener listener, Uri service)
    {
        try
        {
            while (true)
                _ = Serve(await listener.AcceptSocketAsync(_end.Token), service);
        }
        catch (Exception e) when (Exchange.Ended(e))
        {
            // Disposed.
        }
    }

    private async Task Serve(Socket socket, Uri service)
    {
        socket.NoDelay = true;
        using var client = new Wire(socket);
        try
        {
            while (await new Exchange(this, service, client, _end.Token).Run())
            {
                // The connection stays open for the next request.
            }
        }
        catch (Exception e) when (Exchange.Ended(e))
        {
            // Client or service went away: closing the connection is all there is to tell the other.
        }
    }

    [GeneratedRegex("""(?<before>auth_url:\s*["']?)(?<address>https?://[^"'\s,}]+)""", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex AuthAddress();

    [GeneratedRegex("""(?<before>"expires_at"\s*:\s*")(?<time>[^"]+)""", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex ExpiresAt();

    [GeneratedRegex("""(?<before>"url"\s*:\s*")(?<address>http://[^"/]+)""", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex CatalogueAddress();
}
