using OsMigrate.Bytes;

namespace OsMigrate.Disks.Qcow2;

/// <summary>A QCOW2 disk, over its backing file where it has one. Internal snapshots are not part of it.</summary>
internal sealed class Qcow2Image : DiskImage, IDeflatedBlocks
{
    private const int MaxRunsPerExtent = 64;

    private readonly ByteStore _store;
    private readonly Qcow2Layout _layout;
    private readonly Qcow2Map _map;
    private readonly ClusterExpander _expander;
    private readonly DiskImage? _parent;
    private readonly ByteStore? _dataFile;

    /// <param name="parent">The opened backing file; owned.</param>
    /// <param name="dataFile">The external data file; owned. Null when the content lies in <paramref name="store"/>.</param>
    public Qcow2Image(ByteStore store, Qcow2Layout layout, DiskImage? parent, ByteStore? dataFile, DiskImageInfo info)
    {
        (_store, _layout, _parent, _dataFile, Info) = (store, layout, parent, dataFile, info);
        _map = new Qcow2Map(store, layout);
        _expander = new ClusterExpander(store, layout);
    }

    public override DiskFormat Format => Qcow2Format.Instance;

    public override DiskImageInfo Info { get; }

    public override string Name => _store.Name;

    public override long Length => _layout.VirtualSize;

    public override IDeflatedBlocks? DeflatedBlocks => _layout.UsesZstd || _layout.HasDataFile ? null : this;

    public int BlockSize => _layout.ClusterSize;

    /// <summary>The length is whole sectors: the deflate stream ends somewhere in the last one.</summary>
    public bool TryGet(long offset, out DeflatedBlock block)
    {
        block = default;
        if (offset < 0 || offset > Length - BlockSize)
            return false;
        var run = _map.Find(offset);
        if (run.Kind != Qcow2RunKind.Compressed || run.PackedLength == 0)
            return false;
        block = new DeflatedBlock(_store, run.HostOffset, run.PackedLength, null);
        return true;
    }

    public override void Read(long offset, Span<byte> buffer)
    {
        CheckRange(offset, buffer.Length);
        while (buffer.Length > 0)
        {
            var run = _map.Find(offset);
            var n = (int)Math.Min(run.Length, buffer.Length);
            var part = buffer.Slice(0, n);
            switch (run.Kind)
            {
                case Qcow2RunKind.Data:
                    ReadData(run.HostOffset, part);
                    break;
                case Qcow2RunKind.Compressed:
                    _expander.Read(run, (int)(offset & (_layout.ClusterSize - 1)), part);
                    break;
                case Qcow2RunKind.Absent when _parent is not null:
                    ReadParent(offset, part);
                    break;
                default:
                    part.Clear();
                    break;
            }

            offset += n;
            buffer = buffer.Slice(n);
        }
    }

    public override Extent NextExtent(long offset)
    {
        var run = _map.Find(offset);
        if (run.Kind == Qcow2RunKind.Absent && _parent is not null)
        {
            if (offset >= _parent.Length)
                return new Extent(offset, run.Length, ExtentKind.Zero);
            var below = _parent.NextExtent(offset);
            return below with { Length = Math.Min(below.Length, run.Length) };
        }

        var kind = Kind(run);
        var end = offset + run.Length;
        for (var i = 0; i < MaxRunsPerExtent && end < Length; i++)
        {
            run = _map.Find(end);
            if (Kind(run) != kind || (run.Kind == Qcow2RunKind.Absent && _parent is not null))
                break;
            end += run.Length;
        }

        return new Extent(offset, end - offset, kind);
    }

    protected override void Dispose(bool disposing)
    {
        if (!disposing)
            return;
        _expander.Dispose();
        _parent?.Dispose();
        _dataFile?.Dispose();
        _store.Dispose();
    }

    private static ExtentKind Kind(Qcow2Run run)
        => run.Kind is Qcow2RunKind.Data or Qcow2RunKind.Compressed ? ExtentKind.Data : ExtentKind.Zero;

    /// <summary>The last cluster of a file may be cut short, even to nothing; what is not there is zero. A cluster further out is an error.</summary>
    private void ReadData(long host, Span<byte> buffer)
    {
        var file = _dataFile ?? _store;
        var there = (int)Math.Min(Math.Max(0, file.Length - host), buffer.Length);
        if (there < buffer.Length && _dataFile is null && ((host + buffer.Length - 1) & -_layout.ClusterSize) is var last && last > file.Length)
            throw new InvalidImageException(ErrorIds.Truncated, file.Name, last, $"a data cluster begins past the end of the file at {file.Length}");
        if (there > 0)
            file.Read(host, buffer.Slice(0, there));
        buffer.Slice(there).Clear();
    }

    /// <summary>A backing file may be shorter than the image over it; behind its end all is zero.</summary>
    private void ReadParent(long offset, Span<byte> buffer)
    {
        var there = (int)Math.Min(Math.Max(0, _parent!.Length - offset), buffer.Length);
        if (there > 0)
            _parent.Read(offset, buffer.Slice(0, there));
        buffer.Slice(there).Clear();
    }
}
