namespace OsMigrate.Registry;

/// <summary>Windows times: 100 ns since 1601, UTC.</summary>
internal static class FileTime
{
    private const long Last = 2650467743999999999;

    /// <summary>Times that no calendar holds come out as the year 1601.</summary>
    public static DateTime Decode(long value) => DateTime.FromFileTimeUtc(value is < 0 or > Last ? 0 : value);

    public static long Encode(DateTime time) => time.ToUniversalTime().ToFileTimeUtc();
}
