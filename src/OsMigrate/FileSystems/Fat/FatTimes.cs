namespace OsMigrate.FileSystems.Fat;

/// <summary>Dates and times of FAT and exFAT: local time of the writer, two seconds fine. FAT specification, "Date and Time Formats".</summary>
internal static class FatTimes
{
    /// <summary>Null where the bytes are no time.</summary>
    public static DateTime? Read(int date, int time)
    {
        var (year, month, day) = (1980 + (date >> 9), (date >> 5) & 15, date & 31);
        var (hour, minute, second) = (time >> 11, (time >> 5) & 63, (time & 31) * 2);
        return month is >= 1 and <= 12 && day >= 1 && day <= DateTime.DaysInMonth(year, month) && hour < 24 && minute < 60 && second < 60
            ? new DateTime(year, month, day, hour, minute, second, DateTimeKind.Unspecified)
            : null;
    }

    public static (ushort Date, ushort Time) Write(DateTime value)
    {
        var year = Math.Min(127, Math.Max(0, value.Year - 1980));
        return ((ushort)((year << 9) | (value.Month << 5) | value.Day), (ushort)((value.Hour << 11) | (value.Minute << 5) | (value.Second / 2)));
    }
}
