using OsMigrate.Bytes;

namespace OsMigrate.FileSystems.Ntfs;

/// <summary>What $LogFile says about how the volume was left.</summary>
public enum LogFileState
{
    /// <summary>Nothing to replay: the volume was taken offline in order.</summary>
    Clean,

    /// <summary>Filled with 0xFF; Windows makes a new log when it mounts the volume.</summary>
    Empty,

    /// <summary>Changes wait in the log, or Windows sleeps with the volume open (hibernation, fast startup).</summary>
    Unclean,

    /// <summary>The log's own restart pages cannot be read.</summary>
    Damaged,
}

/// <summary>Reads the restart pages of $LogFile.</summary>
/// <remarks>Source: flatcap NTFS documentation, "$LogFile"; dfir.ru, "How the $LogFile works".</remarks>
internal static class LogFileReader
{
    private const int PageSize = 4096;
    private const int VolumeIsClean = 2;
    private const int NoClient = 0xFFFF;

    public static LogFileState Read(ByteStore log)
    {
        var pages = new List<(ulong Sequence, bool Clean)>();
        var filled = 0;
        for (var i = 0; i < 2 && log.Length >= (i + 1L) * PageSize; i++)
        {
            var page = log.ReadBytes(i * (long)PageSize, PageSize);
            if (Le.U32(page, 0) == 0xFFFF_FFFF)
                filled++;
            else if (TryReadPage(page, out var sequence, out var clean))
                pages.Add((sequence, clean));
        }

        if (pages.Count > 0)
            return pages.OrderBy(static p => p.Sequence).Last().Clean ? LogFileState.Clean : LogFileState.Unclean;
        return filled == 2 ? LogFileState.Empty : LogFileState.Damaged;
    }

    private static bool TryReadPage(byte[] page, out ulong sequence, out bool clean)
    {
        (sequence, clean) = (0, false);
        var magic = Le.U32(page, 0) == Le.U32("CHKD"u8, 0) ? "CHKD"u8 : "RSTR"u8;
        if (FixUps.TryRemove(page, magic) is not null)
            return false;
        int area = Le.U16(page, 24);
        if (area < 0x1E || area > PageSize - 48)
            return false;
        sequence = Le.U64(page, area);
        clean = Le.U16(page, area + 12) == NoClient || (Le.U16(page, area + 14) & VolumeIsClean) != 0;
        return true;
    }
}
