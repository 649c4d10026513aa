using System.Buffers.Binary;
using OsMigrate.Bytes;

namespace OsMigrate.Disks.Qcow2;

/// <summary>One entry of the table of internal snapshots.</summary>
/// <param name="Offset">Byte offset of the entry in the file.</param>
/// <param name="Size">Bytes of the entry, padding included.</param>
/// <remarks>Source: QEMU docs/interop/qcow2.rst, section "Snapshots".</remarks>
internal readonly record struct Qcow2Snapshot(long Offset, int Size, ulong L1Offset, uint L1Entries, string Name)
{
    private const int FixedSize = 40;
    private const uint MaxExtraSize = 1024;

    // QEMU allows 1 KiB for each of 65,536 entries.
    private const long MaxTableBytes = 64 << 20;
    private const int MaxShownName = 200;

    /// <summary>Reads the table entry by entry.</summary>
    public static IEnumerable<Qcow2Snapshot> ReadAll(ByteStore store, Qcow2Layout layout)
    {
        var start = (long)layout.Header.SnapshotsOffset;
        var at = start;
        for (var i = 0; i < layout.Header.SnapshotCount; i++)
        {
            var snapshot = Read(store, at, i);
            at += snapshot.Size;
            if (at - start > MaxTableBytes)
                throw new InvalidImageException(ErrorIds.TooLarge, store.Name, start, $"the table of snapshots takes more than {MaxTableBytes} bytes");
            yield return snapshot;
        }
    }

    private static Qcow2Snapshot Read(ByteStore store, long at, int number)
    {
        if (at > store.Length - FixedSize)
            throw new InvalidImageException(ErrorIds.Truncated, store.Name, at, $"the entry of snapshot {number} reaches past the end of the file at {store.Length}");
        Span<byte> bytes = stackalloc byte[FixedSize];
        store.Read(at, bytes);
        var idSize = BinaryPrimitives.ReadUInt16BigEndian(bytes.Slice(12));
        var nameSize = BinaryPrimitives.ReadUInt16BigEndian(bytes.Slice(14));
        var extraSize = BinaryPrimitives.ReadUInt32BigEndian(bytes.Slice(36));
        if (extraSize > MaxExtraSize)
            throw new InvalidImageException(ErrorIds.BadStructure, store.Name, at + 36, $"snapshot {number} has {extraSize} bytes of extra data; at most {MaxExtraSize} are allowed");
        var size = FixedSize + (int)extraSize + idSize + nameSize;
        if (at > store.Length - size)
            throw new InvalidImageException(ErrorIds.Truncated, store.Name, at, $"the entry of snapshot {number} of {size} bytes reaches past the end of the file at {store.Length}");
        var name = Qcow2HeaderExtensions.Text(store.ReadBytes(at + FixedSize + extraSize + idSize, Math.Min((int)nameSize, MaxShownName)));
        return new Qcow2Snapshot(at, (size + 7) & ~7, BinaryPrimitives.ReadUInt64BigEndian(bytes), BinaryPrimitives.ReadUInt32BigEndian(bytes.Slice(8)), name);
    }
}
