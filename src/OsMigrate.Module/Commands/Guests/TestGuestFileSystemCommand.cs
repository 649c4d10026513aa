using System.Management.Automation;
using OsMigrate.Disks;
using OsMigrate.FileSystems;
using OsMigrate.FileSystems.Ntfs;
using OsMigrate.FileSystems.Ntfs.Checking;
using OsMigrate.Migrations.Preparation;
using OsMigrate.Module.Output;
using OsMigrate.Module.Parameters;
using OsMigrate.Module.Pipeline;

namespace OsMigrate.Module.Commands.Guests;

/// <summary>Checks the NTFS volumes on the disks of machines.</summary>
[Cmdlet(VerbsDiagnostic.Test, "GuestFileSystem", DefaultParameterSetName = ByPath)]
[OutputType(typeof(FileSystemTestResult), typeof(bool))]
public sealed class TestGuestFileSystemCommand : PathCmdlet
{
    [Parameter]
    [DiskFormat]
    [ArgumentCompleter(typeof(DiskFormatCompleter))]
    public string? SourceDiskFormat { get; set; }

    [Parameter]
    public SwitchParameter Quiet { get; set; }

    protected override void Process(string path)
        => GuestMachines.ForEach(path, SourceDiskFormat is null ? null : DiskFormats.Find(SourceDiskFormat), machine => Check(path, machine), Cancel);

    private void Check(string path, GuestMachine machine)
    {
        var volumes = machine.Guest.Volumes.Where(static v => v.Kind == VolumeKind.Ntfs).ToList();
        if (volumes.Count == 0)
            Warn($"{path}: '{machine.Name}' has no NTFS volume.");
        var healthy = true;
        foreach (var volume in volumes)
        {
            var result = NtfsCheck.Run(NtfsVolume.Open(volume.Store), share => ReportProgress($"Checking {volume.Where}", $"{share:P0}"), Cancel);
            healthy &= !result.HasErrors;
            if (!Quiet)
                Emit(new FileSystemTestResult(path, volume.Where, result));
        }

        if (Quiet)
            Emit(healthy);
    }
}
