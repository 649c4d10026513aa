using OsMigrate.Bytes;

namespace OsMigrate.FileSystems.Ntfs;

/// <summary>The update sequence: the last two bytes of every 512 bytes of a record repeat a number, so that a torn write shows.</summary>
/// <remarks>Source: flatcap NTFS documentation, "Fixup". The stride is 512 bytes on disks with 4096-byte sectors as well.</remarks>
internal static class FixUps
{
    public const int Stride = 512;

    /// <summary>Checks the numbers and puts the true bytes back in place.</summary>
    /// <param name="at">Where the record lies on the volume, for messages.</param>
    public static void Remove(Span<byte> record, ReadOnlySpan<byte> magic, string name, long at)
    {
        var reason = TryRemove(record, magic);
        if (reason is not null)
            throw new InvalidImageException(ErrorIds.BadStructure, name, at, reason);
    }

    /// <returns>What is wrong, or null.</returns>
    public static string? TryRemove(Span<byte> record, ReadOnlySpan<byte> magic)
    {
        if (!record.Slice(0, 4).SequenceEqual(magic))
            return $"a record begins with {Le.U32(record, 0):x8} where {(char)magic[0]}{(char)magic[1]}{(char)magic[2]}{(char)magic[3]} is expected";
        int start = Le.U16(record, 4), count = Le.U16(record, 6) - 1;
        if (count != record.Length / Stride || (start & 1) != 0 || start < 0x1c || start + (2 * count) + 2 > Stride - 2)
            return $"an update sequence of {count} numbers at {start} does not fit a record of {record.Length} bytes";
        var number = Le.U16(record, start);
        for (var i = 0; i < count; i++)
        {
            var end = ((i + 1) * Stride) - 2;
            if (Le.U16(record, end) != number)
                return $"part {i + 1} of a record was not written with the others (update sequence {Le.U16(record, end)}, expected {number})";
            record.Slice(start + 2 + (2 * i), 2).CopyTo(record.Slice(end));
        }

        return null;
    }

    /// <summary>The reverse, for writing: a new number, the true bytes moved into the array. Start and count stand in the record already.</summary>
    public static void Apply(Span<byte> record)
    {
        int start = Le.U16(record, 4), count = Le.U16(record, 6) - 1;
        var number = (ushort)(Le.U16(record, start) + 1);
        // 0 and 0xFFFF are not used: that is what an unwritten sector would show.
        if (number is 0 or 0xFFFF)
            number = 1;
        Le.Put16(record, start, number);
        for (var i = 0; i < count; i++)
        {
            var end = record.Slice(((i + 1) * Stride) - 2, 2);
            end.CopyTo(record.Slice(start + 2 + (2 * i)));
            Le.Put16(end, 0, number);
        }
    }
}
