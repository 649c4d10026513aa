using System.Buffers.Binary;

namespace OsMigrate.OpenStack.Images;

/// <summary>Foretells whether a current Glance refuses a raw upload because its first sector looks like a partition table that it finds unsafe.</summary>
/// <remarks>
/// The rules are those of oslo.utils, imageutils/format_inspector.py (GPTInspector, LUKSInspector), fatal in Glance since 2026.1. Other formats are
/// looked at by their header only, so a QCOW2 of the same disk passes.
/// </remarks>
public static class RawSafety
{
    private const int EntriesOffset = 446;

    /// <summary>Why it would be refused; null when it passes.</summary>
    /// <param name="head">The first 512 bytes of the disk or more.</param>
    public static string? Problem(ReadOnlySpan<byte> head)
    {
        if (head.Length < 512)
            return null;
        if (IsLuks(head))
            return BinaryPrimitives.ReadUInt16BigEndian(head.Slice(6)) == 1 ? null : "it is a LUKS volume of a version other than 1";
        if (head[0] == (byte)'Q' && head[1] == (byte)'F' && head[2] == (byte)'I' && head[3] == 0xFB)
            return "its first sector starts like a QCOW2";
        if (head[510] != 0x55 || head[511] != 0xAA || (head[0x10] == 2 && head[0x15] == 0xF8))
            return null;
        return Partitions(head.Slice(EntriesOffset, 64));
    }

    private static bool IsLuks(ReadOnlySpan<byte> head) => head[0] == 'L' && head[1] == 'U' && head[2] == 'K' && head[3] == 'S' && head[4] == 0xBA && head[5] == 0xBE;

    private static string? Partitions(ReadOnlySpan<byte> table)
    {
        var used = 0;
        var protective = false;
        for (var i = 0; i < 4; i++)
        {
            var entry = table.Slice(i * 16, 16);
            if (entry[0] is not (0x00 or 0x80))
                return $"entry {i} of its partition table has the boot flag 0x{entry[0]:x2}";
            used += entry[4] == 0 ? 0 : 1;
            if (entry[4] != 0xEE)
                continue;
            protective = true;
            if (entry[1] != 0 || entry[2] != 2 || entry[3] != 0)
                return "its protective partition does not start at cylinder 0, head 0, sector 2";
            if (BinaryPrimitives.ReadUInt32LittleEndian(entry.Slice(8)) != 1)
                return "its protective partition does not start at sector 1";
        }

        return used == 0 ? "it has a partition table without partitions"
            : protective && used > 1 ? "it has a protective partition and others beside it (a hybrid table)"
            : null;
    }
}
