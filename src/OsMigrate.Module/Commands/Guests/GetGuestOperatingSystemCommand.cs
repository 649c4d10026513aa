using System.Management.Automation;
using OsMigrate.Disks;
using OsMigrate.Guests;
using OsMigrate.Migrations.Preparation;
using OsMigrate.Module.Output;
using OsMigrate.Module.Parameters;
using OsMigrate.Module.Pipeline;

namespace OsMigrate.Module.Commands.Guests;

/// <summary>Tells what is installed on the disks of a machine, without starting it.</summary>
[Cmdlet(VerbsCommon.Get, "GuestOperatingSystem", DefaultParameterSetName = ByPath)]
[OutputType(typeof(InspectedGuest))]
public sealed class GetGuestOperatingSystemCommand : PathCmdlet
{
    [Parameter]
    [DiskFormat]
    [ArgumentCompleter(typeof(DiskFormatCompleter))]
    public string? SourceDiskFormat { get; set; }

    protected override void Process(string path) => GuestMachines.ForEach(
        path, SourceDiskFormat is null ? null : DiskFormats.Find(SourceDiskFormat), machine => Emit(new InspectedGuest(path, machine.Name, GuestInspection.Run(machine.Guest))), Cancel);
}
