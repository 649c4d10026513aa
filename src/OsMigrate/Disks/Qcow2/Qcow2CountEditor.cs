using System.Buffers.Binary;
using OsMigrate.Bytes;

namespace OsMigrate.Disks.Qcow2;

/// <summary>Takes and gives back clusters of a QCOW2 file, and keeps its reference counts right. New clusters come from the end of the file.</summary>
/// <remarks>Source: QEMU docs/interop/qcow2.rst, section "Host cluster management".</remarks>
internal sealed class Qcow2CountEditor
{
    private const ulong ReservedTableBits = 0x1FF;
    private const int TableOffsetField = 48;
    private const int TableClustersField = 56;

    private readonly StagedStore _file;
    private readonly Qcow2Layout _layout;
    private readonly int _bits;
    private ulong[] _table;
    private readonly int _writtenEntries;
    private bool _isChanged;

    public Qcow2CountEditor(StagedStore file, Qcow2Layout layout)
    {
        (_file, _layout) = (file, layout);
        _bits = layout.ClusterBits + 3 - (int)layout.Header.RefcountOrder;
        var size = (long)layout.Header.RefcountTableClusters << layout.ClusterBits;
        var offset = (long)layout.Header.RefcountTableOffset;
        if (offset > file.Length || size > int.MaxValue)
            throw new InvalidImageException(ErrorIds.Truncated, file.Name, offset, $"the table of reference counts of {size} bytes reaches past the end of the file at {file.Length}");
        var bytes = file.ReadBytes(offset, (int)Math.Min(size, (file.Length - offset) & ~7L));
        _table = new ulong[size / 8];
        _writtenEntries = _table.Length;
        for (var i = 0; i < bytes.Length / 8; i++)
            _table[i] = BinaryPrimitives.ReadUInt64BigEndian(bytes.AsSpan(i * 8)) & ~ReservedTableBits;
    }

    /// <summary>New clusters, one after another, with a count of 1; they are zeros.</summary>
    /// <returns>Offset in the file.</returns>
    public long Take(int count)
    {
        var start = Room(count);
        for (var i = 0; i < count; i++)
            Set((start >> _layout.ClusterBits) + i, 1);
        return start;
    }

    /// <summary>One reference less.</summary>
    public void Release(long cluster)
    {
        var count = Get(cluster);
        if (count == 0)
            throw new InvalidImageException(ErrorIds.BadStructure, _file.Name, cluster << _layout.ClusterBits, "the cluster is used, but its reference count is 0; repair the image first (qemu-img check -r all)");
        Set(cluster, count - 1);
    }

    /// <summary>Writes the table of reference counts, to a new place when it has outgrown the old one.</summary>
    public void Finish()
    {
        if (!_isChanged)
            return;
        if (_table.Length <= _writtenEntries)
        {
            WriteTable((long)_layout.Header.RefcountTableOffset);
            return;
        }

        var start = 0L;
        var clusters = 0;
        // Counting the table's own clusters may need a block more, and with it a longer table.
        while (clusters << _layout.ClusterBits < _table.Length * 8L)
        {
            for (var i = 0; i < clusters; i++)
                Set((start >> _layout.ClusterBits) + i, 0);
            clusters = (int)((((_table.Length + 2L) * 8) + _layout.ClusterSize - 1) >> _layout.ClusterBits);
            start = Take(clusters);
        }

        for (var i = 0; i < _layout.Header.RefcountTableClusters; i++)
            Release(((long)_layout.Header.RefcountTableOffset >> _layout.ClusterBits) + i);
        WriteTable(start);
        var field = new byte[12];
        BinaryPrimitives.WriteUInt64BigEndian(field, (ulong)start);
        BinaryPrimitives.WriteUInt32BigEndian(field.AsSpan(TableClustersField - TableOffsetField), (uint)clusters);
        _file.Write(TableOffsetField, field);
    }

    private long Room(int count)
    {
        while (true)
        {
            var start = _file.Append((long)count << _layout.ClusterBits, _layout.ClusterSize);
            if (Enumerable.Range(0, count).All(i => Get((start >> _layout.ClusterBits) + i) == 0))
                return start;
        }
    }

    private void WriteTable(long offset)
    {
        var bytes = new byte[_table.Length * 8];
        for (var i = 0; i < _table.Length; i++)
            BinaryPrimitives.WriteUInt64BigEndian(bytes.AsSpan(i * 8), _table[i]);
        _file.Write(offset, bytes);
    }

    private ulong Get(long cluster)
    {
        var index = cluster >> _bits;
        if (index >= _table.Length || _table[index] == 0)
            return 0;
        var (at, shift, mask) = Place(cluster);
        return (Read(at) >> shift) & mask;
    }

    private void Set(long cluster, ulong count)
    {
        var index = (int)(cluster >> _bits);
        if (index >= _table.Length)
            Array.Resize(ref _table, Math.Max(index + 1, _table.Length + (_table.Length / 4)));
        if (_table[index] == 0)
        {
            // A new block is zeros; it counts itself, maybe in itself.
            var block = Room(1);
            _table[index] = (ulong)block;
            _isChanged = true;
            Set(block >> _layout.ClusterBits, 1);
        }

        var (at, shift, mask) = Place(cluster);
        var bytes = _file.ReadBytes(at, Width);
        Write(bytes, (Read(at) & ~(mask << shift)) | ((count & mask) << shift));
        _file.Write(at, bytes);
    }

    private int Width => Math.Max(1, (1 << (int)_layout.Header.RefcountOrder) / 8);

    /// <summary>Counts narrower than a byte are packed from the low bits up; wider ones are big endian.</summary>
    private (long At, int Shift, ulong Mask) Place(long cluster)
    {
        var order = (int)_layout.Header.RefcountOrder;
        var bit = (cluster & ((1L << _bits) - 1)) << order;
        var mask = order == 6 ? ulong.MaxValue : (1UL << (1 << order)) - 1;
        return ((long)_table[cluster >> _bits] + (bit >> 3), order < 3 ? (int)(bit & 7) : 0, mask);
    }

    private ulong Read(long at)
    {
        var value = 0UL;
        foreach (var b in _file.ReadBytes(at, Width))
            value = (value << 8) | b;
        return value;
    }

    private static void Write(byte[] bytes, ulong value)
    {
        for (var i = bytes.Length - 1; i >= 0; i--, value >>= 8)
            bytes[i] = (byte)value;
    }
}
