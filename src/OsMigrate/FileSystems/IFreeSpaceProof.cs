namespace OsMigrate.FileSystems;

/// <summary>A file system whose maps of free space carry no counts to compare with: what its files use must be looked up to trust them.</summary>
public interface IFreeSpaceProof : IFreeSpace
{
    /// <summary>Looks whether a file uses what is called free. Reads the structures of all files: for a copy that is at hand.</summary>
    /// <returns>The first contradiction; null when there is none.</returns>
    string? FreeSpaceContradiction(CancellationToken cancel);
}
