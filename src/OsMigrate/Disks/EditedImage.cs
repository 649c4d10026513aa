using System.Buffers.Binary;
using System.Security.Cryptography;
using OsMigrate.Bytes;

namespace OsMigrate.Disks;

/// <summary>A disk that can be changed while its image stays as it is: what is written lies in memory, over the image.</summary>
/// <remarks>
/// Owns the image below, and forgets the edits with it. Blocks of the image that are stored deflated are still handed on as they are, but for
/// those that an edit touches: after a few files were changed nearly all of a disk is copied without being compressed anew.
/// Edits and copies do not run at the same time: an encoder reads the disk more than once.
/// </remarks>
public sealed class EditedImage : DiskImage, IDeflatedBlocks
{
    private readonly DiskImage _below;
    private readonly OverlayStore _overlay;
    private readonly IDeflatedBlocks? _deflated;

    public EditedImage(DiskImage below)
        => (_below, _overlay, _deflated) = (below, new OverlayStore(below), below.DeflatedBlocks);

    public override long Length => _below.Length;

    public override string Name => _below.Name;

    public override DiskFormat Format => _below.Format;

    public override DiskImageInfo Info => _below.Info;

    public override bool CanWrite => true;

    public override IDeflatedBlocks? DeflatedBlocks => _deflated is null ? null : this;

    /// <summary>Offsets of the pages of <see cref="OverlayStore.PageSize"/> bytes that were written to, ascending.</summary>
    public IReadOnlyList<long> EditedPages => _overlay.EditedPages;

    /// <summary>True when anything was written.</summary>
    public bool IsEdited => _overlay.EditedPages.Count > 0;

    int IDeflatedBlocks.BlockSize => _deflated?.BlockSize ?? 0;

    public override void Read(long offset, Span<byte> buffer) => _overlay.Read(offset, buffer);

    public override void Write(long offset, ReadOnlySpan<byte> data) => _overlay.Write(offset, data);

    public override Extent NextExtent(long offset) => _overlay.NextExtent(offset);

    /// <summary>SHA-256 over what was written: the offset (8 bytes, little endian) and content of each edited page, ascending. Equal edits of equal disks give equal digests.</summary>
    /// <returns>64 lower-case hex digits.</returns>
    public string DigestOfEdits()
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var number = new byte[8];
        var page = new byte[OverlayStore.PageSize];
        foreach (var offset in _overlay.EditedPages)
        {
            var length = (int)Math.Min(page.Length, Length - offset);
            _overlay.Read(offset, page.AsSpan(0, length));
            BinaryPrimitives.WriteInt64LittleEndian(number, offset);
            hash.AppendData(number);
            hash.AppendData(page, 0, length);
        }

        return Hex.Lower(hash.GetHashAndReset());
    }

    bool IDeflatedBlocks.TryGet(long offset, out DeflatedBlock block)
    {
        block = default;
        return _deflated is not null && !_overlay.IsEdited(offset, _deflated.BlockSize) && _deflated.TryGet(offset, out block);
    }

    protected override void Dispose(bool disposing)
    {
        if (!disposing)
            return;
        _overlay.Dispose();
        _below.Dispose();
    }
}
