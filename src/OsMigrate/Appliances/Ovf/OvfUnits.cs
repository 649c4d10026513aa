using System.Globalization;

namespace OsMigrate.Appliances.Ovf;

/// <summary>Sizes with units: DSP0004, annex C.1 "Programmatic Units" ("byte * 2^30"), and the older words ("MegaBytes").</summary>
internal static class OvfUnits
{
    /// <summary>Multiplies a number with its unit.</summary>
    /// <returns>Null when number or unit cannot be read, or the product is negative or too large.</returns>
    public static long? Bytes(string number, string? unit, long defaultFactor)
    {
        if (!long.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out var value))
            return null;
        if (Factor(unit, defaultFactor) is not { } factor)
            return null;
        return value > long.MaxValue / factor ? null : value * factor;
    }

    /// <summary>Bytes per unit; null for a unit that is none of bytes.</summary>
    public static long? Factor(string? unit, long defaultFactor)
    {
        if (string.IsNullOrWhiteSpace(unit))
            return defaultFactor;
        var text = new string(unit!.Where(c => !char.IsWhiteSpace(c)).ToArray()).ToLowerInvariant();
        return Word(text) ?? Programmatic(text);
    }

    private static long? Word(string text) => text switch
    {
        "byte" or "bytes" or "b" => 1,
        "kilobyte" or "kilobytes" or "kb" or "kib" => 1L << 10,
        "megabyte" or "megabytes" or "mb" or "mib" => 1L << 20,
        "gigabyte" or "gigabytes" or "gb" or "gib" => 1L << 30,
        "terabyte" or "terabytes" or "tb" or "tib" => 1L << 40,
        _ => null,
    };

    private static long? Programmatic(string text)
    {
        var parts = text.Split('*');
        if (parts.Length > 8 || parts[0] is not ("byte" or "bytes"))
            return null;
        long factor = 1;
        foreach (var part in parts.Skip(1))
        {
            if (Power(part) is not { } power || power < 1 || factor > (1L << 50) / power)
                return null;
            factor *= power;
        }

        return factor;
    }

    private static long? Power(string text)
    {
        var parts = text.Split('^');
        if (parts.Length > 2 || !long.TryParse(parts[0], NumberStyles.None, CultureInfo.InvariantCulture, out var number) || number > 1 << 20)
            return null;
        if (parts.Length == 1)
            return number;
        if (!int.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out var exponent))
            return null;
        long power = 1;
        for (var i = 0; i < exponent; i++)
        {
            if (number == 0 || power > (1L << 50) / Math.Max(1, number) || i > 64)
                return null;
            power *= number;
        }

        return power;
    }
}
