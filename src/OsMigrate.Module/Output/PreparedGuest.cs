using OsMigrate.Disks.Copying;
using OsMigrate.Guests;

namespace OsMigrate.Module.Output;

/// <summary>A guest that was changed, and the file it was written to.</summary>
public sealed class PreparedGuest
{
    /// <summary>Written to a new file.</summary>
    internal PreparedGuest(string source, PreparationResult prepared, ConversionResult written)
        => (Source, Prepared, Destination, SizeBytes, BytesWritten, Sha256, Duration) = (source, prepared, written.Path, new FileInfo(written.Path).Length, new FileInfo(written.Path).Length, written.Sha256, written.Duration);

    /// <summary>Written in place.</summary>
    internal PreparedGuest(string source, PreparationResult prepared, long bytesWritten, string? undoFile)
        => (Source, Prepared, Destination, SizeBytes, BytesWritten, UndoFile) = (source, prepared, source, new FileInfo(source).Length, bytesWritten, undoFile);

    public string Source { get; }

    public string Destination { get; }

    /// <summary>The changed disk, for cmdlets further down the pipeline.</summary>
    public string Path => Destination;

    public string ProductName => Prepared.System.ProductName;

    /// <summary>Names of the drivers that were installed.</summary>
    public IReadOnlyList<string> Drivers => Prepared.Drivers.Select(static d => d.Driver.Name).ToList();

    /// <summary>Every file and registry value that was changed.</summary>
    public IReadOnlyList<GuestChange> Changes => Prepared.Changes;

    public int ChangeCount => Prepared.Changes.Count;

    public IReadOnlyList<string> Warnings => Prepared.Warnings;

    public long SizeBytes { get; }

    public long BytesWritten { get; }

    /// <summary>What Undo-DiskImageEdit needs to take the change back; null when nothing was kept.</summary>
    public string? UndoFile { get; }

    /// <summary>Of the new file; null after a change in place.</summary>
    public string? Sha256 { get; }

    /// <summary>Time of writing the file.</summary>
    public TimeSpan Duration { get; }

    internal PreparationResult Prepared { get; }
}
