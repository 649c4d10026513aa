using OsMigrate.Bytes;

namespace OsMigrate.FileSystems;

/// <summary>A file system that says which of its bytes belong to nothing, so that a copy may leave them out.</summary>
/// <remarks>Only what is free on the medium counts: a file system that was not unmounted in order has changes in its log that its maps do not know.</remarks>
public interface IFreeSpace
{
    /// <summary>Why the maps of free space cannot be relied on, as the end of a sentence that begins with "it"; null when they can.</summary>
    /// <exception cref="InvalidImageException">The structures that tell are damaged.</exception>
    string? FreeSpaceDoubt { get; }

    /// <summary>Runs of the volume that neither a file nor a structure of the file system uses, ascending, without overlaps, of the kind <see cref="ExtentKind.Zero"/>.</summary>
    /// <exception cref="InvalidImageException">The maps are damaged, or do not agree with the counts beside them: then nothing that was given so far may be relied on.</exception>
    IEnumerable<Extent> FreeExtents(CancellationToken cancel);
}
