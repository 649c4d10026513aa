using OsMigrate.Bytes;
using OsMigrate.Disks.Copying;
using OsMigrate.Disks.InPlace;

namespace OsMigrate.Disks;

/// <summary>One disk image format. Singletons, listed once in <see cref="DiskFormats"/>.</summary>
public abstract class DiskFormat
{
    /// <summary>Bytes from the start of a file that <see cref="Matches"/> looks at.</summary>
    public const int HeadSize = 4096;

    /// <summary>Bytes from the end of a file that <see cref="Matches"/> looks at.</summary>
    public const int TailSize = 1024;

    /// <summary>Glance's word for the format (its disk_format): raw, qcow2, vmdk, vhd, vhdx, vdi.</summary>
    public abstract string Name { get; }

    /// <summary>The usual extension, with its dot, for files we write.</summary>
    public abstract string Extension { get; }

    /// <summary>Does this look like the format? Looks at bytes only; true means that any later fault is an error, never "raw".</summary>
    /// <param name="head">Up to <see cref="HeadSize"/> bytes from the start; shorter when the file is.</param>
    /// <param name="tail">Up to <see cref="TailSize"/> bytes from the end.</param>
    public abstract bool Matches(ReadOnlySpan<byte> head, ReadOnlySpan<byte> tail);

    /// <summary>Opens the image; on success it owns <paramref name="store"/>, on failure the caller still does.</summary>
    /// <exception cref="InvalidImageException">The file breaks the format.</exception>
    public abstract DiskImage Open(ByteStore store, Siblings siblings);

    /// <summary>Variants that <see cref="Encode"/> can write, the usual one first; empty when the format is only read.</summary>
    public virtual IReadOnlyList<string> WritableSubformats => [];

    /// <summary>Writes the disk in this format.</summary>
    /// <exception cref="OsMigrateException"><see cref="ErrorIds.BadRequest"/>: the format is not written here, or the options do not fit it.</exception>
    public virtual EncodeResult Encode(DiskImage source, Sink target, EncodeOptions options)
        => throw new OsMigrateException(ErrorIds.BadRequest, ErrorKind.NotSupported, $"Images of the format {Name} are read here, not written.", Name);

    /// <summary>What carries changes of the disk into its own file.</summary>
    /// <param name="file">The image file; read now, written to by the editor only.</param>
    /// <exception cref="OsMigrateException"><see cref="ErrorIds.BadRequest"/>: images of this kind are not changed in place.</exception>
    internal virtual IInPlaceEditor EditorFor(StagedStore file) => throw InPlaceImage.NotInPlace(file.Name, $"images of the format {Name} are not changed in place");

    /// <summary>Checks the structure as a whole: overlaps, ranges, reference counts, leaks. Findings only; throws only when the file cannot be opened at all.</summary>
    public virtual IEnumerable<ImageFinding> Check(ByteStore store, Siblings siblings, CancellationToken cancel)
    {
        DiskImage? image = null;
        InvalidImageException? fault = null;
        try
        {
            image = Open(store, siblings);
        }
        catch (InvalidImageException e)
        {
            fault = e;
        }

        if (fault is not null)
            yield return ImageFinding.From(fault);
        GC.KeepAlive(image);
    }

    public override string ToString() => Name;
}
