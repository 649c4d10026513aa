using OsMigrate.Bytes;
using OsMigrate.Disks;
using OsMigrate.Machines;

namespace OsMigrate.Appliances.Vmx;

/// <summary>A VMX with its disks beside it, as copied from a datastore or made by Workstation.</summary>
internal sealed class VmxAppliance : Appliance
{
    private readonly List<string> _warnings = [];

    public VmxAppliance(FileStore store)
        : base(store.Path, "VMX")
    {
        var file = VmxFile.Read(store);
        if (file["encryption.keySafe"] is not null || file["encryption.data"] is not null)
        {
            throw new InvalidImageException(ErrorIds.UnsupportedAppliance, store.Path, -1, "the machine is encrypted")
            {
                Advice = "Decrypt it in vSphere or Workstation before you export or copy it.",
            };
        }

        Machines = [VmxMachine.Read(file)];
    }

    public override IReadOnlyList<Machine> Machines { get; }

    public override bool HasManifest => false;

    public override IReadOnlyList<string> Warnings => _warnings;

    /// <summary>A disk may be stated with a path of the host; it is looked for beside the VMX, and nowhere else.</summary>
    public override DiskImage OpenDisk(MachineDisk disk, CancellationToken cancel = default)
    {
        if (disk.FileName is null || !Machine.Disks.Any(d => d.Id == disk.Id && d.FileName == disk.FileName))
            throw new OsMigrateException(ErrorIds.BadRequest, ErrorKind.InvalidArgument, $"'{Path}' has no disk with the id '{Shown.Text(disk.Id)}'.", Path);
        var folder = System.IO.Path.GetDirectoryName(Path)!;
        var name = Siblings.LastComponent(disk.FileName);
        var store = Siblings.InFolder(folder).Open(name, Path);
        try
        {
            return DiskFormats.Open(store, Siblings.Of(System.IO.Path.Combine(folder, name)));
        }
        catch
        {
            store.Dispose();
            throw;
        }
    }

    public override long BytesToVerify(MachineDisk? disk) => 0;

    public override void VerifyFiles(MachineDisk? disk, IProgress<long>? bytes, CancellationToken cancel)
    {
        // A VMX comes without a manifest.
    }
}
