using System.Text.RegularExpressions;

namespace OsMigrate.Tests.Support.Faults;

/// <summary>Which requests a fault strikes, and how often.</summary>
/// <param name="method">GET, POST ...; "*" for any.</param>
/// <param name="path">Regular expression, matched against path and query.</param>
public sealed class FaultRule(string method, string path, Fault fault)
{
    private readonly Regex _path = new(path, RegexOptions.CultureInvariant, TimeSpan.FromSeconds(1));
    private int _seen;
    private int _struck;

    /// <summary>How many requests it strikes.</summary>
    public int Times { get; init; } = 1;

    /// <summary>How many matching requests pass before the first is struck.</summary>
    public int After { get; init; }

    public Fault Fault => fault;

    /// <summary>How many requests it struck so far.</summary>
    public int Struck => Volatile.Read(ref _struck);

    /// <summary>Counts a request that it is meant for; true when this one is struck.</summary>
    internal bool Strikes(ProxiedRequest request)
    {
        if ((method != "*" && method != request.Method) || !_path.IsMatch(request.Target))
            return false;
        if (Interlocked.Increment(ref _seen) <= After)
            return false;
        if (Interlocked.Increment(ref _struck) <= Times)
            return true;
        Interlocked.Decrement(ref _struck);
        return false;
    }
}
