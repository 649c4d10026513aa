using System.Management.Automation;
using OsMigrate.Guests;
using OsMigrate.Guests.Windows.Drivers;
using OsMigrate.Module.Output;
using OsMigrate.Module.Parameters;
using OsMigrate.Module.Pipeline;

namespace OsMigrate.Module.Commands.Guests;

/// <summary>Gives a Windows the virtio drivers it needs to start on KVM, and writes the changed disk to a new file or in place.</summary>
[Cmdlet(VerbsCommon.Add, "VirtioDriver", DefaultParameterSetName = ByPath, SupportsShouldProcess = true)]
[OutputType(typeof(PreparedGuest))]
public sealed class AddVirtioDriverCommand : GuestEditCmdlet
{
    private string _media = "";

    [Parameter(Mandatory = true)]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(FileCompleter))]
    public string VirtioDriver { get; set; } = "";

    [Parameter]
    public InjectionWay InjectionWay { get; set; }

    protected override void CheckParameters()
    {
        base.CheckParameters();
        _media = FilePaths.Literal(SessionState, VirtioDriver);
    }

    private protected override PreparationResult Edit(GuestDisks disks)
    {
        using var media = VirtioMedia.Open(_media);
        return GuestPreparation.Run(disks, new PreparationOptions { Media = media, Way = InjectionWay, Cancel = Cancel });
    }
}
