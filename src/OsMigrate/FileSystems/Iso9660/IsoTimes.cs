namespace OsMigrate.FileSystems.Iso9660;

/// <summary>Times of ISO 9660; null where the bytes are no time.</summary>
internal static class IsoTimes
{
    private const int MinutesPerOffsetUnit = 15;

    /// <summary>Seven bytes: years since 1900, month, day, hour, minute, second, offset from GMT. ECMA-119, 9.1.5.</summary>
    public static DateTime? Short(ReadOnlySpan<byte> b)
        => b.Length < 7 ? null : Make(1900 + b[0], b[1], b[2], b[3], b[4], b[5], (sbyte)b[6]);

    /// <summary>Seventeen bytes: digits, then the offset from GMT. ECMA-119, 8.4.26.1.</summary>
    public static DateTime? Long(ReadOnlySpan<byte> b)
    {
        if (b.Length < 17)
            return null;
        for (var i = 0; i < 16; i++)
        {
            if (b[i] is < (byte)'0' or > (byte)'9')
                return null;
        }

        return Make((Two(b, 0) * 100) + Two(b, 2), Two(b, 4), Two(b, 6), Two(b, 8), Two(b, 10), Two(b, 12), (sbyte)b[16]);
    }

    private static int Two(ReadOnlySpan<byte> b, int at) => ((b[at] - '0') * 10) + b[at + 1] - '0';

    private static DateTime? Make(int year, int month, int day, int hour, int minute, int second, int quarters)
    {
        var possible = year is >= 1 and < 9999 && month is >= 1 and <= 12 && hour < 24 && minute < 60 && second < 60 && day >= 1 && quarters is >= -52 and <= 56;
        return possible && day <= DateTime.DaysInMonth(year, month)
            ? new DateTime(year, month, day, hour, minute, second, DateTimeKind.Utc).AddMinutes(-quarters * MinutesPerOffsetUnit)
            : null;
    }
}
