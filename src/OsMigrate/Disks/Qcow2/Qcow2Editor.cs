using System.Buffers.Binary;
using OsMigrate.Bytes;
using OsMigrate.Disks.InPlace;

namespace OsMigrate.Disks.Qcow2;

/// <summary>Writes clusters of a disk into its own QCOW2 file: over the old ones where they belong to this disk alone, else at the end of the file.</summary>
/// <remarks>Source: QEMU docs/interop/qcow2.rst, sections "Host cluster management", "Cluster mapping", "Snapshots".</remarks>
internal sealed class Qcow2Editor : IInPlaceEditor
{
    private const ulong Writable = Qcow2Layout.CopiedFlag;

    private readonly StagedStore _file;
    private readonly Qcow2Layout _layout;
    private readonly Qcow2CountEditor _counts;

    public Qcow2Editor(StagedStore file)
    {
        (_file, _layout) = (file, Qcow2Layout.Read(file));
        if (_layout.HasDataFile)
            throw InPlaceImage.NotInPlace(file.Name, "its content lies in a data file of its own");
        if (_layout.HasSubclusters)
            throw InPlaceImage.NotInPlace(file.Name, "it has extended L2 entries");
        if (_layout.Has(Qcow2Header.IncompatibleDirty) || _layout.Has(Qcow2Header.IncompatibleCorrupt))
            throw InPlaceImage.NotInPlace(file.Name, "it is marked dirty or corrupt; repair it first (qemu-img check -r all)");
        if (_layout.Header.AutoclearFeatures != 0)
            throw InPlaceImage.NotInPlace(file.Name, "it carries dirty bitmaps, which would be wrong afterwards; remove them first (qemu-img bitmap --remove)");
        _counts = new Qcow2CountEditor(file, _layout);
    }

    public void Stage(ByteStore content, IReadOnlyList<long> changed)
    {
        var cluster = new byte[_layout.ClusterSize];
        var last = -1L;
        foreach (var page in changed)
        {
            var end = Math.Min(page + OverlayStore.PageSize, _layout.VirtualSize);
            for (var number = page >> _layout.ClusterBits; number << _layout.ClusterBits < end; number++)
            {
                if (number == last)
                    continue;
                last = number;
                var there = (int)Math.Min(cluster.Length, _layout.VirtualSize - (number << _layout.ClusterBits));
                content.Read(number << _layout.ClusterBits, cluster.AsSpan(0, there));
                cluster.AsSpan(there).Clear();
                Write(number, cluster);
            }
        }

        _counts.Finish();
    }

    private void Write(long number, byte[] content)
    {
        var at = TableFor(number >> _layout.L2Bits) + ((number & ((1L << _layout.L2Bits) - 1)) * 8);
        var entry = ReadEntry(at);
        var host = (long)(entry & Qcow2Layout.OffsetMask);
        var isCompressed = (entry & Qcow2Layout.CompressedFlag) != 0;
        if (!isCompressed && (entry & Qcow2Layout.ZeroFlag) == 0 && host != 0 && (entry & Writable) != 0)
        {
            _file.Write(host, content);
            return;
        }

        var fresh = _counts.Take(1);
        _file.Write(fresh, content);
        WriteEntry(at, (ulong)fresh | Writable);
        if (isCompressed)
            ReleaseCompressed(entry);
        else if (host != 0)
            _counts.Release(host >> _layout.ClusterBits);
    }

    /// <summary>A compressed cluster counts once in every cluster of the file that it touches.</summary>
    private void ReleaseCompressed(ulong entry)
    {
        var (offset, length) = Qcow2Map.Compressed(entry, _layout.ClusterBits);
        for (var host = offset >> _layout.ClusterBits; host <= (offset + length - 1) >> _layout.ClusterBits; host++)
            _counts.Release(host);
    }

    /// <summary>Place of an L2 table that may be written: made where there was none, copied where a snapshot shares it.</summary>
    private long TableFor(long index)
    {
        var at = (long)_layout.Header.L1Offset + (index * 8);
        var entry = ReadEntry(at);
        var table = (long)(entry & Qcow2Layout.OffsetMask);
        if (table != 0 && (entry & Writable) != 0)
            return table;
        var fresh = _counts.Take(1);
        if (table != 0)
        {
            _file.Write(fresh, _file.ReadBytes(table, _layout.ClusterSize));
            _counts.Release(table >> _layout.ClusterBits);
        }

        WriteEntry(at, (ulong)fresh | Writable);
        return fresh;
    }

    private ulong ReadEntry(long at) => BinaryPrimitives.ReadUInt64BigEndian(_file.ReadBytes(at, 8));

    private void WriteEntry(long at, ulong entry)
    {
        var bytes = new byte[8];
        BinaryPrimitives.WriteUInt64BigEndian(bytes, entry);
        _file.Write(at, bytes);
    }
}
