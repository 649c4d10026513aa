using System.Management.Automation;
using OsMigrate.Bytes;
using OsMigrate.Guests;
using OsMigrate.Guests.Windows.Drivers;
using OsMigrate.Migrations.Preparation;
using OsMigrate.Module.Parameters;
using OsMigrate.Module.Pipeline;
using OsMigrate.VSphere.Datastores;
using OsMigrate.VSphere.GuestOperations;
using OsMigrate.VSphere.Inventory;
using OsMigrate.VSphere.Sessions;

namespace OsMigrate.Module.Commands.Guests;

/// <summary>Gives a Windows the virtio drivers it needs to start on KVM, and writes the changed disk to a new file or in place.</summary>
[Cmdlet(VerbsCommon.Add, "VirtioDriver", DefaultParameterSetName = ByPath, SupportsShouldProcess = true)]
[OutputType(typeof(Output.PreparedGuest), typeof(OnlineDriverResult))]
public sealed class AddVirtioDriverCommand : MachineGuestCmdlet, IFirstBootParameters
{
    private static readonly string[] FileOnly = [nameof(InjectionWay), nameof(Destination), nameof(InPlace), nameof(UndoFile), nameof(DiskFormat), nameof(SourceDiskFormat), nameof(Force), .. FirstBootWish.Names];

    private string _media = "";
    private FirstBootOptions? _firstBoot;

    [Parameter(Mandatory = true, ParameterSetName = ByPath)]
    [Parameter(Mandatory = true, ParameterSetName = ByLiteralPath)]
    [Parameter(ParameterSetName = ByMachine)]
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
        if (!WorksOnFiles && FileOnly.FirstOrDefault(MyInvocation.BoundParameters.ContainsKey) is { } other)
            throw new OsMigrateException(ErrorIds.BadRequest, ErrorKind.InvalidArgument, $"-{other} has no meaning with -VM.");
        if (!WorksOnFiles)
            return;
        _firstBoot = FirstBootWish.Read(SessionState, this);
        _media = FilePaths.Literal(SessionState, VirtioDriver);
    }

    private protected override OnlineDrivers Work(VSphereSession session, VSphereMachine machine, GuestLogin login)
        => new(session, machine, login, VirtioDriver.Length > 0 ? DatastorePath.Parse(VirtioDriver) : null, TimeSpan.FromSeconds(TimeoutSeconds), AllowRestart, JobWatcher(), Cancel);

    private protected override PreparationResult Edit(GuestDisks disks)
    {
        using var media = VirtioMedia.Open(_media);
        return GuestPreparation.Run(disks, new PreparationOptions { Media = media, Way = InjectionWay, FirstBoot = _firstBoot, Cancel = Cancel });
    }
}
