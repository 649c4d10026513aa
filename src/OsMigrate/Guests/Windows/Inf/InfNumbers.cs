using System.Globalization;

namespace OsMigrate.Guests.Windows.Inf;

/// <summary>Numbers as INF files write them: decimal, or hexadecimal after 0x.</summary>
internal static class InfNumbers
{
    /// <summary>Null where it is no number of 32 bits.</summary>
    public static uint? Read(string text)
    {
        var value = text.Trim();
        if (value.StartsWith("0x", StringComparison.OrdinalIgnoreCase))
            return uint.TryParse(value.Substring(2), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var hex) ? hex : null;
        if (value.StartsWith("-", StringComparison.Ordinal))
            return int.TryParse(value, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var negative) ? unchecked((uint)negative) : null;
        return uint.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;
    }

    /// <summary>A number of 64 bits; null where it is none.</summary>
    public static ulong? ReadLong(string text)
    {
        var value = text.Trim();
        return value.StartsWith("0x", StringComparison.OrdinalIgnoreCase)
            ? ulong.TryParse(value.Substring(2), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var hex) ? hex : null
            : ulong.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;
    }
}
