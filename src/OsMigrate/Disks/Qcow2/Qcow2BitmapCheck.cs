using System.Buffers.Binary;
using OsMigrate.Bytes;

namespace OsMigrate.Disks.Qcow2;

/// <summary>Counts what persistent dirty bitmaps use, so that it does not pass for lost space.</summary>
/// <remarks>Source: QEMU docs/interop/qcow2.rst, section "Bitmaps".</remarks>
internal static class Qcow2BitmapCheck
{
    private const int FixedEntrySize = 24;
    private const uint MaxBitmaps = 65535;

    public static void Run(ByteStore store, Qcow2Layout layout, Qcow2UseCounts uses, Qcow2Findings findings, CancellationToken cancel)
    {
        var extensions = layout.Extensions;
        var (offset, size) = ((long)extensions.BitmapDirectoryOffset, (long)extensions.BitmapDirectorySize);
        if (extensions.BitmapCount is 0)
            return;
        if (extensions.BitmapCount > MaxBitmaps || offset < 0 || size < 0 || offset > store.Length - size)
        {
            findings.Corruption(ErrorIds.Truncated, offset, $"the directory of {extensions.BitmapCount} bitmaps in {size} bytes does not fit the file of {store.Length}");
            return;
        }

        uses.Add(offset, size, Qcow2Use.Structure, 1, "the directory of bitmaps");
        var (at, end) = (offset, offset + size);
        var tableBytes = 0L;
        var piece = new byte[65536];
        for (var i = 0; i < extensions.BitmapCount && at <= end - FixedEntrySize; i++)
        {
            var entry = store.ReadBytes(at, FixedEntrySize);
            var table = (long)BinaryPrimitives.ReadUInt64BigEndian(entry);
            var tableSize = BinaryPrimitives.ReadUInt32BigEndian(entry.AsSpan(8)) * 8L;
            at += (FixedEntrySize + BinaryPrimitives.ReadUInt16BigEndian(entry.AsSpan(18)) + (long)BinaryPrimitives.ReadUInt32BigEndian(entry.AsSpan(20)) + 7) & ~7L;
            tableBytes += tableSize;
            if (table < 0 || table > store.Length - tableSize || tableBytes > store.Length)
            {
                findings.Corruption(ErrorIds.Truncated, table, $"the table of bitmap {i} of {tableSize} bytes does not fit the file of {store.Length}");
                return;
            }

            uses.Add(table, tableSize, Qcow2Use.Structure, 1, "a table of a bitmap");
            AddClusters(store, layout, uses, table, tableSize, piece, cancel);
        }
    }

    private static void AddClusters(ByteStore store, Qcow2Layout layout, Qcow2UseCounts uses, long table, long size, byte[] piece, CancellationToken cancel)
    {
        for (var at = 0L; at < size; at += piece.Length)
        {
            cancel.ThrowIfCancellationRequested();
            var bytes = piece.AsSpan(0, (int)Math.Min(piece.Length, size - at));
            store.Read(table + at, bytes);
            for (var i = 0; i < bytes.Length; i += 8)
            {
                if ((long)(BinaryPrimitives.ReadUInt64BigEndian(bytes.Slice(i)) & Qcow2Layout.OffsetMask) is not 0 and var offset)
                    uses.Add(offset, layout.ClusterSize, Qcow2Use.Data, 1, "a part of a bitmap");
            }
        }
    }
}
