using OsMigrate.Bytes;

namespace OsMigrate.Disks.Vhdx;

/// <summary>An opened VHDX: fixed, dynamic or differencing.</summary>
internal sealed class VhdxImage : DiskImage
{
    // A longer look ahead would be repeated for every chunk that is read.
    private const int MaxRunBlocks = 4096;

    private readonly ByteStore _store;
    private readonly VhdxMetadata _metadata;
    private readonly VhdxBlockTable _table;
    private readonly VhdxImage? _parent;

    public VhdxImage(ByteStore store, VhdxParts parts, VhdxImage? parent, string? parentName)
    {
        (_store, _metadata, _table, _parent) = (store, parts.Metadata, parts.Table, parent);
        DataWriteGuid = parts.Header.DataWriteGuid;
        Info = new DiskImageInfo
        {
            Subformat = parts.Metadata.HasParent ? "differencing" : parts.Metadata.LeaveBlocksAllocated ? "fixed" : "dynamic",
            BlockSizeBytes = parts.Metadata.BlockSize,
            ParentName = parentName,
            Parent = parent?.Info,
            Features = parts.Metadata.LogicalSectorSize == 512 ? [] : [$"{parts.Metadata.LogicalSectorSize}-byte sectors"],
            Notices = store is VhdxReplayedStore ? ["The image was not closed properly; its log is replayed in memory, the file is left as it is."] : [],
        };
    }

    public override DiskFormat Format => VhdxFormat.Instance;

    public override DiskImageInfo Info { get; }

    public override long Length => _metadata.VirtualSize;

    public override string Name => _store.Name;

    /// <summary>What a child knows this disk by.</summary>
    public Guid DataWriteGuid { get; }

    public override void Read(long offset, Span<byte> buffer)
    {
        CheckRange(offset, buffer.Length);
        while (buffer.Length > 0)
        {
            var block = offset / _table.BlockSize;
            var within = (int)(offset % _table.BlockSize);
            var n = Math.Min(buffer.Length, _table.BlockSize - within);
            switch (_table.State(block))
            {
                case VhdxBlockState.FullyPresent:
                    for (var next = block + 1; n < buffer.Length && Continues(next); next++)
                        n = Math.Min(buffer.Length, n + _table.BlockSize);
                    _store.Read(_table.Offset(block) + within, buffer.Slice(0, n));
                    break;
                case VhdxBlockState.PartiallyPresent:
                    ReadMixed(block, offset, buffer.Slice(0, n));
                    break;
                case VhdxBlockState.NotPresent:
                    ReadBelow(offset, buffer.Slice(0, n));
                    break;
                default:
                    buffer.Slice(0, n).Clear();
                    break;
            }

            offset += n;
            buffer = buffer.Slice(n);
        }
    }

    public override Extent NextExtent(long offset)
    {
        var block = offset / _table.BlockSize;
        var source = SourceOf(block);
        var last = block;
        while (last + 1 < _table.Count && last - block < MaxRunBlocks && SourceOf(last + 1) == source && (source != Source.Here || Continues(last + 1)))
            last++;
        var length = Math.Min((last + 1) * _table.BlockSize, Length) - offset;
        switch (source)
        {
            case Source.Here:
                var stored = _store.NextExtent(_table.Offset(block) + (offset % _table.BlockSize));
                return new Extent(offset, Math.Min(length, stored.Length), stored.Kind);
            case Source.Below when offset < _parent!.Length:
                var below = _parent.NextExtent(offset);
                return below with { Length = Math.Min(length, below.Length) };
            default:
                return new Extent(offset, length, source == Source.Mixed ? ExtentKind.Data : ExtentKind.Zero);
        }
    }

    protected override void Dispose(bool disposing)
    {
        if (!disposing)
            return;
        _parent?.Dispose();
        _store.Dispose();
    }

    /// <summary>Closes the parents only, for a check that leaves the file itself to its owner.</summary>
    internal void DisposeParent() => _parent?.Dispose();

    private enum Source
    {
        Zero,
        Here,
        Below,
        Mixed,
    }

    private Source SourceOf(long block) => _table.State(block) switch
    {
        VhdxBlockState.FullyPresent => Source.Here,
        VhdxBlockState.PartiallyPresent => Source.Mixed,
        VhdxBlockState.NotPresent when _parent is not null => Source.Below,
        _ => Source.Zero,
    };

    /// <summary>Does the block lie in the file right behind the one before it?</summary>
    private bool Continues(long block)
        => block < _table.Count && _table.State(block) == VhdxBlockState.FullyPresent && _table.State(block - 1) == VhdxBlockState.FullyPresent
           && _table.Offset(block) == _table.Offset(block - 1) + _table.BlockSize;

    /// <summary>The parent's content, zeros past its end: a child may be larger.</summary>
    private void ReadBelow(long offset, Span<byte> buffer)
    {
        var n = _parent is null ? 0 : (int)Math.Min(buffer.Length, Math.Max(0, _parent.Length - offset));
        if (n > 0)
            _parent!.Read(offset, buffer.Slice(0, n));
        buffer.Slice(n).Clear();
    }

    /// <summary>Reads within a partially present block, a run of sectors of the same origin at a time.</summary>
    private void ReadMixed(long block, long offset, Span<byte> buffer)
    {
        var sectorSize = _metadata.LogicalSectorSize;
        var first = offset / sectorSize;
        var last = (offset + buffer.Length - 1) / sectorSize;
        var firstByte = first / 8;
        var bits = _store.ReadBytes(_table.BitmapOffset(block) + (first % VhdxBlockTable.SectorsPerChunk / 8), (int)((last / 8) - firstByte) + 1);
        bool IsHere(long sector) => (bits[(sector / 8) - firstByte] & (1 << (int)(sector % 8))) != 0;
        while (buffer.Length > 0)
        {
            var sector = offset / sectorSize;
            var here = IsHere(sector);
            var end = sector + 1;
            while (end <= last && IsHere(end) == here)
                end++;
            var n = (int)Math.Min(buffer.Length, (end * sectorSize) - offset);
            if (here)
                _store.Read(_table.Offset(block) + (offset % _table.BlockSize), buffer.Slice(0, n));
            else
                ReadBelow(offset, buffer.Slice(0, n));
            offset += n;
            buffer = buffer.Slice(n);
        }
    }
}
