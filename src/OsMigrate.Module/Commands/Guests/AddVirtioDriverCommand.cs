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
public sealed class AddVirtioDriverCommand : GuestEditCmdlet, IFirstBootParameters
{
    private string _media = "";
    private FirstBootOptions? _firstBoot;

    [Parameter(Mandatory = true)]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(FileCompleter))]
    public string VirtioDriver { get; set; } = "";

    [Parameter]
    public InjectionWay InjectionWay { get; set; }

    [Parameter]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(FileCompleter))]
    public string? GuestAgentMsi { get; set; }

    [Parameter]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(FileCompleter))]
    public string[]? FirstBootScript { get; set; }

    [Parameter]
    public SwitchParameter KeepVMwareTools { get; set; }

    [Parameter]
    public SwitchParameter SkipStaticAddress { get; set; }

    [Parameter]
    public SwitchParameter SkipDataDisk { get; set; }

    [Parameter]
    public SwitchParameter SkipFirstBoot { get; set; }

    protected override void CheckParameters()
    {
        base.CheckParameters();
        _firstBoot = FirstBootWish.Read(SessionState, this);
        _media = FilePaths.Literal(SessionState, VirtioDriver);
    }

    private protected override PreparationResult Edit(GuestDisks disks)
    {
        using var media = VirtioMedia.Open(_media);
        return GuestPreparation.Run(disks, new PreparationOptions { Media = media, Way = InjectionWay, FirstBoot = _firstBoot, Cancel = Cancel });
    }
}
