using OsMigrate.Disks.Copying;
using OsMigrate.Guests;

namespace OsMigrate.Module.Output;

/// <summary>A guest that was given virtio drivers, and the file it was written to.</summary>
public sealed class PreparedGuest
{
    internal PreparedGuest(string source, PreparationResult prepared, ConversionResult written)
        => (Source, Prepared, Destination, SizeBytes, Sha256, Duration) = (source, prepared, written.Path, new FileInfo(written.Path).Length, written.Sha256, written.Duration);

    public string Source { get; }

    public string Destination { get; }

    public string ProductName => Prepared.System.ProductName;

    /// <summary>Names of the drivers that were installed.</summary>
    public IReadOnlyList<string> Drivers => Prepared.Drivers.Select(static d => d.Driver.Name).ToList();

    /// <summary>Every file and registry value that was changed.</summary>
    public IReadOnlyList<GuestChange> Changes => Prepared.Changes;

    public int ChangeCount => Prepared.Changes.Count;

    public IReadOnlyList<string> Warnings => Prepared.Warnings;

    public long SizeBytes { get; }

    public string? Sha256 { get; }

    /// <summary>Time of writing the file.</summary>
    public TimeSpan Duration { get; }

    internal PreparationResult Prepared { get; }
}
