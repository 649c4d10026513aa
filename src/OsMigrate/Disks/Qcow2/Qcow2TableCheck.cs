using System.Buffers.Binary;
using OsMigrate.Bytes;

namespace OsMigrate.Disks.Qcow2;

/// <summary>Walks the L1 tables of the disk and of its snapshots, then every L2 table once, and counts what they use.</summary>
internal sealed class Qcow2TableCheck(ByteStore store, Qcow2Layout layout, Qcow2UseCounts uses, Qcow2StoredCounts stored, Qcow2Findings findings)
{
    private const ulong ReservedL1Bits = 0x7F00_0000_0000_01FF;
    private const ulong ReservedL2Bits = 0x3F00_0000_0000_01FE;

    // As many as the largest L1 table has, of one disk and one snapshot.
    private const int MaxTables = 8 << 20;
    private const int PieceSize = 65536;

    // Offsets of L2 tables; bit 0 marks those of the disk itself, in contrast to a snapshot's.
    private readonly List<long> _tables = [];
    private readonly byte[] _piece = new byte[PieceSize];
    private long _l1Bytes;

    /// <summary>There are too many tables to hold their places in memory.</summary>
    public bool GaveUp { get; private set; }

    /// <summary>Reads an L1 table.</summary>
    /// <param name="isActive">Of the disk itself.</param>
    public void AddL1(long offset, uint entries, bool isActive, CancellationToken cancel)
    {
        var size = entries * 8L;
        var what = isActive ? "the L1 table" : "the L1 table of a snapshot";
        if (offset % layout.ClusterSize != 0 || offset < 0)
        {
            findings.Corruption(ErrorIds.BadStructure, offset, $"{what} is not on a cluster's boundary");
            return;
        }

        uses.Add(offset, size, Qcow2Use.Structure, 1, what);
        // Tables that share no bytes cannot be larger than the file together.
        _l1Bytes += size;
        if (offset > store.Length - size || _l1Bytes > store.Length)
        {
            findings.Corruption(ErrorIds.Truncated, offset, $"{what} of {size} bytes does not fit the file of {store.Length}");
            return;
        }

        for (var at = 0L; at < size && !GaveUp; at += PieceSize)
        {
            cancel.ThrowIfCancellationRequested();
            var bytes = _piece.AsSpan(0, (int)Math.Min(PieceSize, size - at));
            store.Read(offset + at, bytes);
            for (var i = 0; i < bytes.Length; i += 8)
                AddL1Entry(BinaryPrimitives.ReadUInt64BigEndian(bytes.Slice(i)), offset + at + i, isActive);
        }
    }

    /// <summary>Reads every L2 table that was found, in the order of the file, once each.</summary>
    public void ReadL2Tables(CancellationToken cancel)
    {
        _tables.Sort();
        var table = new byte[layout.ClusterSize];
        for (int i = 0, next; i < _tables.Count && !uses.GaveUp; i = next)
        {
            cancel.ThrowIfCancellationRequested();
            var offset = _tables[i] & ~1L;
            var isActive = false;
            for (next = i; next < _tables.Count && (_tables[next] & ~1L) == offset; next++)
                isActive |= (_tables[next] & 1) != 0;
            uses.Add(offset, layout.ClusterSize, Qcow2Use.L2Table, next - i, "an L2 table");
            if (offset > store.Length - layout.ClusterSize)
            {
                findings.Corruption(ErrorIds.Truncated, offset, $"an L2 table reaches past the end of the file at {store.Length}");
                continue;
            }

            store.Read(offset, table);
            for (var at = 0; at < table.Length; at += layout.L2EntrySize)
                AddL2Entry(table.AsSpan(at), offset + at, next - i, isActive);
        }
    }

    private void AddL1Entry(ulong entry, long at, bool isActive)
    {
        if ((entry & ReservedL1Bits) != 0)
            findings.Corruption(ErrorIds.BadStructure, at, $"the L1 entry {entry:x16} has reserved bits set");
        var offset = (long)(entry & Qcow2Layout.OffsetMask);
        if (offset == 0)
            return;
        if (offset % layout.ClusterSize != 0)
        {
            findings.Corruption(ErrorIds.BadStructure, at, $"an L2 table lies at {offset}, which is not on a cluster's boundary");
            return;
        }

        if (isActive)
            CheckCopied(entry, offset, at, "L2 table");
        GaveUp |= _tables.Count >= MaxTables;
        if (!GaveUp)
            _tables.Add(offset | (isActive ? 1L : 0));
    }

    private void AddL2Entry(ReadOnlySpan<byte> bytes, long at, int times, bool isActive)
    {
        var entry = BinaryPrimitives.ReadUInt64BigEndian(bytes);
        if ((entry & Qcow2Layout.CompressedFlag) != 0)
        {
            AddCompressed(entry, at, times);
            return;
        }

        if ((entry & ReservedL2Bits) != 0)
            findings.Corruption(ErrorIds.BadStructure, at, $"the L2 entry {entry:x16} has reserved bits set");
        if ((entry & Qcow2Layout.ZeroFlag) != 0 && (layout.Header.Version < 3 || layout.HasSubclusters))
            findings.Corruption(ErrorIds.BadStructure, at, $"the L2 entry {entry:x16} is marked zero, which is not known in this kind of image");
        var offset = (long)(entry & Qcow2Layout.OffsetMask);
        if (layout.HasSubclusters)
            CheckBitmap(BinaryPrimitives.ReadUInt64BigEndian(bytes.Slice(8)), offset != 0 || (layout.HasDataFile && (entry & Qcow2Layout.CopiedFlag) != 0), at + 8);
        if (offset == 0)
            return;
        if (offset % layout.ClusterSize != 0)
        {
            findings.Corruption(ErrorIds.BadStructure, at, $"a data cluster lies at {offset}, which is not on a cluster's boundary");
            return;
        }

        // Clusters of a data file have no counts.
        if (layout.HasDataFile)
            return;
        uses.Add(offset, layout.ClusterSize, Qcow2Use.Data, times, "a data cluster");
        if (isActive)
            CheckCopied(entry, offset, at, "data cluster");
    }

    private void AddCompressed(ulong entry, long at, int times)
    {
        if (layout.HasDataFile)
            findings.Corruption(ErrorIds.BadStructure, at, "a compressed cluster in an image whose content lies in a data file");
        if ((entry & Qcow2Layout.CopiedFlag) != 0)
            findings.Corruption(ErrorIds.BadStructure, at, $"the L2 entry {entry:x16} of a compressed cluster says that it may be written in place");
        var (offset, length) = Qcow2Map.Compressed(entry & ~(Qcow2Layout.CopiedFlag | Qcow2Layout.CompressedFlag), layout.ClusterBits);
        uses.Add(offset, length, Qcow2Use.Data, times, "a compressed cluster");
    }

    private void CheckBitmap(ulong bitmap, bool hasPlace, long at)
    {
        if ((bitmap >> 32 & bitmap & uint.MaxValue) != 0)
            findings.Corruption(ErrorIds.BadStructure, at, $"the bitmap {bitmap:x16} has subclusters that are both stored and zero");
        else if (!hasPlace && (bitmap & uint.MaxValue) != 0)
            findings.Corruption(ErrorIds.BadStructure, at, $"the bitmap {bitmap:x16} has stored subclusters, but the cluster has no place in the file");
    }

    /// <summary>The flag says that the reference count is exactly 1, so that the cluster may be written in place.</summary>
    private void CheckCopied(ulong entry, long offset, long at, string what)
    {
        var count = stored[offset >> layout.ClusterBits];
        if (count == 1 != ((entry & Qcow2Layout.CopiedFlag) != 0))
            findings.Corruption(ErrorIds.BadStructure, at, $"the entry {entry:x16} of a {what} {(count == 1 ? "says it is shared" : "says it is not shared")}, but its reference count is {count}");
    }
}
