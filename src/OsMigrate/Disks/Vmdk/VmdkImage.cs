using OsMigrate.Bytes;

namespace OsMigrate.Disks.Vmdk;

/// <summary>A VMDK: extents one after another, over a parent where the disk is a delta.</summary>
internal sealed class VmdkImage : DiskImage
{
    private readonly IReadOnlyList<VmdkExtent> _extents;
    private readonly long[] _starts;
    private readonly DiskImage? _parent;
    private readonly ByteStore? _descriptorFile;

    /// <param name="descriptorFile">The text file, when that is what was opened; owned.</param>
    public VmdkImage(string name, IReadOnlyList<VmdkExtent> extents, DiskImage? parent, uint? contentId, DiskImageInfo info, ByteStore? descriptorFile)
    {
        (Name, _extents, _parent, ContentId, Info, _descriptorFile) = (name, extents, parent, contentId, info, descriptorFile);
        _starts = new long[extents.Count];
        for (var i = 0; i < extents.Count; i++)
        {
            _starts[i] = Length;
            Length += extents[i].Length;
        }
    }

    public override DiskFormat Format => VmdkFormat.Instance;

    public override DiskImageInfo Info { get; }

    public override string Name { get; }

    public override long Length { get; }

    /// <summary>The descriptor's CID; a child remembers it. Null when there is no descriptor.</summary>
    public uint? ContentId { get; }

    /// <summary>Grains of a disk in several extents are not handed out: such disks are not compressed in practice.</summary>
    public override IDeflatedBlocks? DeflatedBlocks => _extents.Count == 1 ? _extents[0] as IDeflatedBlocks : null;

    internal IReadOnlyList<VmdkExtent> Extents => _extents;

    public override void Read(long offset, Span<byte> buffer)
    {
        CheckRange(offset, buffer.Length);
        while (buffer.Length > 0)
        {
            var (kind, length) = Run(offset, out var extent, out var within);
            var n = (int)Math.Min(length, buffer.Length);
            var part = buffer.Slice(0, n);
            if (kind == VmdkRunKind.Data)
                extent.Read(within, part);
            else if (kind == VmdkRunKind.Zero || _parent is null)
                part.Clear();
            else
                ReadParent(offset, part);
            offset += n;
            buffer = buffer.Slice(n);
        }
    }

    public override Extent NextExtent(long offset)
    {
        var (kind, length) = Run(offset, out _, out _);
        if (kind == VmdkRunKind.Data)
            return new Extent(offset, length, ExtentKind.Data);
        if (kind == VmdkRunKind.Zero || _parent is null || offset >= _parent.Length)
            return new Extent(offset, length, ExtentKind.Zero);
        var below = _parent.NextExtent(offset);
        return below with { Length = Math.Min(below.Length, length) };
    }

    protected override void Dispose(bool disposing)
    {
        if (!disposing)
            return;
        foreach (var extent in _extents)
            extent.Dispose();
        _parent?.Dispose();
        _descriptorFile?.Dispose();
    }

    private (VmdkRunKind Kind, long Length) Run(long offset, out VmdkExtent extent, out long within)
    {
        var i = Array.BinarySearch(_starts, offset);
        if (i < 0)
            i = ~i - 1;
        extent = _extents[i];
        within = offset - _starts[i];
        return extent.Run(within);
    }

    /// <summary>A parent may be shorter than its child, which was enlarged later.</summary>
    private void ReadParent(long offset, Span<byte> buffer)
    {
        var there = (int)Math.Min(Math.Max(0, _parent!.Length - offset), buffer.Length);
        if (there > 0)
            _parent.Read(offset, buffer.Slice(0, there));
        buffer.Slice(there).Clear();
    }
}
