using System.Globalization;

namespace OsMigrate.Migrations.Reports;

/// <summary>Gives each name another one, and the same name always the same.</summary>
internal sealed class Pseudonyms
{
    private readonly Dictionary<(string Kind, string Value), string> _given = [];
    private readonly Dictionary<string, int> _counts = new(StringComparer.Ordinal);

    /// <summary>"host-0003"; an empty text stays empty.</summary>
    public string Of(string kind, string value) => value.Length == 0 ? "" : Given(kind, value, n => $"{kind}-{n.ToString("0000", CultureInfo.InvariantCulture)}");

    /// <summary>An address of the same family, from ranges that are for tests and examples (RFC 2544, RFC 3849).</summary>
    public string Address(string value) => value.IndexOf(':') >= 0
        ? Given("ipv6", value, static n => $"2001:db8::{n:x}")
        : Given("ipv4", value, static n => $"198.{18 + ((n >> 16) & 1)}.{(n >> 8) & 255}.{n & 255}");

    /// <summary>The vendor's half of a hardware address is kept: rules look at it, and it tells of no machine.</summary>
    public string? Mac(string? value)
        => value is null || value.Length < 9 ? null : Given("mac", value, n => $"{value.Substring(0, 8)}:{(n >> 16) & 255:x2}:{(n >> 8) & 255:x2}:{n & 255:x2}");

    private string Given(string kind, string value, Func<int, string> make)
    {
        if (_given.TryGetValue((kind, value), out var known))
            return known;
        _counts[kind] = _counts.TryGetValue(kind, out var count) ? count + 1 : 1;
        return _given[(kind, value)] = make(_counts[kind]);
    }
}
