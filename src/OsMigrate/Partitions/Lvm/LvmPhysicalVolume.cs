using System.Buffers.Binary;
using System.Text;
using OsMigrate.Bytes;

namespace OsMigrate.Partitions.Lvm;

/// <summary>A partition or disk that belongs to a volume group: its id, and the group's metadata where it carries a copy.</summary>
/// <remarks>Source: LVM2, format_text/layout.h: label_header, pv_header, disk_locn, mda_header, raw_locn. Little endian.</remarks>
internal sealed record LvmPhysicalVolume(ByteStore Store, string Id, LvmSection? Metadata)
{
    private const int Sector = 512;
    private const int MaxMetadata = 16 << 20;

    public static LvmPhysicalVolume? Read(ByteStore store)
    {
        for (var sector = 0; sector < 4; sector++)
        {
            if (store.Length < (sector + 1) * Sector)
                return null;
            var label = store.ReadBytes(sector * Sector, Sector);
            if (label.AsSpan(0, 8).SequenceEqual("LABELONE"u8) && label.AsSpan(24, 8).SequenceEqual("LVM2 001"u8))
                return Read(store, label, sector);
        }

        return null;
    }

    private static LvmPhysicalVolume Read(ByteStore store, byte[] label, int sector)
    {
        var at = (int)BinaryPrimitives.ReadUInt32LittleEndian(label.AsSpan(20));
        if (at is < 32 or > Sector - 40)
            throw new InvalidImageException(ErrorIds.BadStructure, store.Name, (sector * Sector) + 20, $"the header of the LVM volume lies at {at} of its sector");
        var id = Encoding.ASCII.GetString(label, at, 32);
        at += 40;
        // Two lists of places, each ended by an empty one: data, then metadata.
        for (; at + 16 <= Sector && BinaryPrimitives.ReadUInt64LittleEndian(label.AsSpan(at)) != 0; at += 16)
        {
        }

        LvmSection? metadata = null;
        for (at += 16; metadata is null && at + 16 <= Sector && BinaryPrimitives.ReadUInt64LittleEndian(label.AsSpan(at)) is not 0 and var place; at += 16)
            metadata = ReadMetadata(store, place);
        return new LvmPhysicalVolume(store, id, metadata);
    }

    /// <summary>The area is a ring: the newest text may go on at its start.</summary>
    private static LvmSection? ReadMetadata(ByteStore store, ulong place)
    {
        if (place > (ulong)store.Length - Sector)
            throw new InvalidImageException(ErrorIds.Truncated, store.Name, -1, $"the LVM metadata lie at {place}, behind the end");
        var header = store.ReadBytes((long)place, Sector);
        if (!header.AsSpan(4, 16).SequenceEqual(" LVM2 x[5A%r0N*>"u8))
            throw new InvalidImageException(ErrorIds.BadStructure, store.Name, (long)place, "the header of the LVM metadata is damaged");
        var size = BinaryPrimitives.ReadUInt64LittleEndian(header.AsSpan(32));
        var (offset, length) = (BinaryPrimitives.ReadUInt64LittleEndian(header.AsSpan(40)), BinaryPrimitives.ReadUInt64LittleEndian(header.AsSpan(48)));
        if (offset == 0 || length == 0)
            return null;
        if (length > MaxMetadata || size < Sector || offset < Sector || offset >= size || length > size - Sector || place + size > (ulong)store.Length)
            throw new InvalidImageException(ErrorIds.BadStructure, store.Name, (long)place + 40, $"the LVM metadata of {length} bytes at {offset} do not fit into their area of {size}");
        var first = (int)Math.Min(length, size - offset);
        var bytes = new byte[(int)length];
        store.Read((long)(place + offset), bytes.AsSpan(0, first));
        store.Read((long)place + Sector, bytes.AsSpan(first));
        return new LvmText(Encoding.UTF8.GetString(bytes), store.Name).Read();
    }
}
