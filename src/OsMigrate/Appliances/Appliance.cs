using OsMigrate.Bytes;
using OsMigrate.Disks;
using OsMigrate.Machines;

namespace OsMigrate.Appliances;

/// <summary>One or more virtual machines in files: an OVA, an OVF package, a VMX with its disks.</summary>
/// <remarks>Disks that were opened from it are valid until it is disposed. <see cref="OpenDisk"/> may be called from several threads.</remarks>
public abstract class Appliance : IDisposable
{
    private protected Appliance(string path, string kind) => (Path, Kind) = (path, kind);

    /// <summary>Full path of the file that was opened.</summary>
    public string Path { get; }

    /// <summary>"OVA", "OVF" or "VMX".</summary>
    public string Kind { get; }

    /// <summary>All machines in it, in the order of the descriptor; never empty.</summary>
    public abstract IReadOnlyList<Machine> Machines { get; }

    /// <summary>The machine, when there is exactly one.</summary>
    /// <exception cref="OsMigrateException"><see cref="ErrorIds.BadRequest"/>: there are several; see <see cref="Machines"/>.</exception>
    public Machine Machine
    {
        get
        {
            if (Machines.Count == 1)
                return Machines[0];
            var names = string.Join(", ", Machines.Take(20).Select(m => $"'{m.Name}'"));
            throw new OsMigrateException(ErrorIds.BadRequest, ErrorKind.InvalidArgument, $"'{Path}' contains {Machines.Count} machines: {names}.", Path)
            {
                Advice = "Choose one of them by name.",
            };
        }
    }

    /// <summary>Folder for disks that must be expanded before they can be read (gzip); null for the system's temporary folder.</summary>
    /// <remarks>What is put there is deleted when the appliance is disposed.</remarks>
    public string? SpoolFolder { get; set; }

    /// <summary>True when checksums of the files came along.</summary>
    public abstract bool HasManifest { get; }

    /// <summary>What a user should know about the package as a whole, one sentence each; what concerns one machine is in its own list.</summary>
    public abstract IReadOnlyList<string> Warnings { get; }

    /// <summary>Opens an appliance. The content decides what it is, the extension has no say.</summary>
    /// <exception cref="InvalidImageException">It breaks its format, or is no appliance at all (<see cref="ErrorIds.UnknownFormat"/>).</exception>
    public static Appliance Open(string path) => ApplianceProbe.Open(path);

    /// <summary>Does the file look like an appliance, as opposed to a plain disk image? Reads at most a few KiB.</summary>
    public static bool Looks(string path) => ApplianceProbe.Detect(path) is not null;

    /// <summary>"OVA", "OVF" or "VMX" when the file looks like one, else null. A gzip'd OVA counts as "OVA"; opening it says what to do.</summary>
    public static string? Detect(string path) => ApplianceProbe.Detect(path);

    /// <summary>Opens a disk's content; the caller disposes it, before the appliance.</summary>
    /// <param name="disk">One of <see cref="Machine.Disks"/> of this appliance.</param>
    /// <param name="cancel">Ends the expansion of a gzip'd disk.</param>
    public abstract DiskImage OpenDisk(MachineDisk disk, CancellationToken cancel = default);

    /// <summary>Bytes that <see cref="VerifyFiles"/> will read; 0 without a manifest.</summary>
    public abstract long BytesToVerify(MachineDisk? disk);

    /// <summary>Reads files from end to end and compares them with the manifest; does nothing without a manifest.</summary>
    /// <param name="disk">Only this disk's files and the descriptor; null for every file the manifest lists.</param>
    /// <param name="bytes">Receives the bytes read so far.</param>
    /// <param name="cancel">Stops between blocks.</param>
    /// <exception cref="OsMigrateException"><see cref="ErrorIds.ManifestMismatch"/>: names file, algorithm, expected and found checksum.</exception>
    public abstract void VerifyFiles(MachineDisk? disk, IProgress<long>? bytes, CancellationToken cancel);

    public void Dispose()
    {
        Dispose(disposing: true);
        GC.SuppressFinalize(this);
    }

    protected virtual void Dispose(bool disposing)
    {
    }
}
