using OsMigrate.Bytes;

namespace OsMigrate.Disks.InPlace;

/// <summary>Carries changes of a disk's content into its image file, which is staged: nothing reaches the medium here.</summary>
internal interface IInPlaceEditor
{
    /// <param name="content">The disk as it shall be.</param>
    /// <param name="changed">Offsets of the disk's pages that were changed, ascending; <see cref="OverlayStore.PageSize"/> bytes each.</param>
    void Stage(ByteStore content, IReadOnlyList<long> changed);
}

/// <summary>Byte n of the file is byte n of the disk.</summary>
internal sealed class PlainEditor(StagedStore file) : IInPlaceEditor
{
    public void Stage(ByteStore content, IReadOnlyList<long> changed)
    {
        var page = new byte[OverlayStore.PageSize];
        foreach (var offset in changed)
        {
            var part = page.AsSpan(0, (int)Math.Min(page.Length, content.Length - offset));
            content.Read(offset, part);
            file.Write(offset, part);
        }
    }
}
