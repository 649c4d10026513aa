namespace OsMigrate.Tests.Support.Faults;

/// <summary>A request that came to the proxy, struck or not.</summary>
/// <param name="Service">Where it was to go: http://host:port/.</param>
/// <param name="Method">GET, POST ...</param>
/// <param name="Target">Path and query.</param>
/// <param name="Headers">As they came; names in any case.</param>
public sealed record ProxiedRequest(Uri Service, string Method, string Target, IReadOnlyDictionary<string, string> Headers)
{
    private long _bodyBytes;

    /// <summary>Bytes of the body that came so far, without the marks of chunks.</summary>
    public long BodyBytes => Interlocked.Read(ref _bodyBytes);

    /// <summary>Status that went back to the client; 0 when none did.</summary>
    public int Status { get; internal set; }

    /// <summary>True for what may change the cloud: all but reading and asking for a token.</summary>
    public bool IsChange => Method is not ("GET" or "HEAD" or "OPTIONS") && !Target.EndsWith("/auth/tokens", StringComparison.Ordinal);

    internal void Count(int bytes) => Interlocked.Add(ref _bodyBytes, bytes);
}
