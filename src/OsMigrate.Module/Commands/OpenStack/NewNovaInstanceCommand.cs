using System.Collections;
using System.Management.Automation;
using OsMigrate.Module.Parameters;
using OsMigrate.Module.Pipeline;
using OsMigrate.OpenStack;
using OsMigrate.OpenStack.Compute;

namespace OsMigrate.Module.Commands.OpenStack;

/// <summary>Makes a server and waits until it runs.</summary>
[Cmdlet(VerbsCommon.New, "NovaInstance", SupportsShouldProcess = true, DefaultParameterSetName = FromImage)]
[OutputType(typeof(Server))]
public sealed class NewNovaInstanceCommand : OpenStackCmdlet
{
    private const string FromImage = "Image";
    private const string FromVolume = "Volume";
    private byte[]? _userData;

    [Parameter(Mandatory = true, Position = 0), ValidateNotNullOrEmpty]
    public string Name { get; set; } = "";

    [Parameter(Mandatory = true, ValueFromPipeline = true, ParameterSetName = FromImage), NameOrId, ArgumentCompleter(typeof(ImageCompleter))]
    public string? Image { get; set; }

    [Parameter(Mandatory = true, ParameterSetName = FromVolume), NameOrId, ArgumentCompleter(typeof(VolumeCompleter))]
    public string? Volume { get; set; }

    [Parameter, NameOrId, ArgumentCompleter(typeof(FlavorCompleter)), ValidateNotNullOrEmpty]
    public string Flavor { get; set; } = FlavorChoice.Automatic;

    [Parameter, NameOrId, ArgumentCompleter(typeof(NetworkCompleter))]
    public string[] Network { get; set; } = [];

    [Parameter, NameOrId, ArgumentCompleter(typeof(PortCompleter))]
    public string[] Port { get; set; } = [];

    [Parameter, ArgumentCompleter(typeof(KeyPairCompleter))]
    public string? KeyName { get; set; }

    [Parameter, NameOrId, ArgumentCompleter(typeof(SecurityGroupCompleter))]
    public string[] SecurityGroup { get; set; } = [];

    [Parameter, ArgumentCompleter(typeof(ZoneCompleter))]
    public string? AvailabilityZone { get; set; }

    [Parameter, NameOrId, ArgumentCompleter(typeof(ServerGroupCompleter))]
    public string? ServerGroup { get; set; }

    [Parameter, ArgumentCompleter(typeof(FileCompleter))]
    public string? UserData { get; set; }

    [Parameter]
    public SwitchParameter ConfigDrive { get; set; }

    [Parameter]
    public Hashtable? Property { get; set; }

    [Parameter]
    public string[] Tag { get; set; } = [];

    [Parameter]
    public string? Description { get; set; }

    [Parameter(ParameterSetName = FromImage)]
    public SwitchParameter BootFromVolume { get; set; }

    [Parameter(ParameterSetName = FromImage), ValidateRange(1, 1 << 20)]
    public int? VolumeSizeGiB { get; set; }

    [Parameter(ParameterSetName = FromImage), NameOrId, ArgumentCompleter(typeof(VolumeTypeCompleter))]
    public string? VolumeType { get; set; }

    [Parameter(ParameterSetName = FromImage)]
    public SwitchParameter DeleteVolumeOnTermination { get; set; }

    [Parameter]
    public SwitchParameter NoWait { get; set; }

    [Parameter, ValidateRange(1, 86400)]
    public int TimeoutSeconds { get; set; } = 600;

    [Parameter]
    public SwitchParameter KeepOnFailure { get; set; }

    protected override void CheckParameters() => _userData = UserData is null ? null : UserDataFile.Read(FilePaths.Existing(SessionState, UserData));

    protected override void TakeRecord() => RunIn(Name, session =>
    {
        var (request, flavor) = Draft().Resolve(session, Cancel);
        var source = Image is null ? $"the volume {Volume}" : $"the image {Image}";
        if (!Confirm($"Make the server '{Name}' ({flavor.Name}: {flavor.CpuCount} CPUs, {flavor.MemoryMiB} MiB) from {source} in '{session.Name}'.", $"Make the server '{Name}'?"))
            return;
        var build = new ServerBuild(session)
        {
            Limit = NoWait ? null : TimeSpan.FromSeconds(TimeoutSeconds),
            KeepOnFailure = KeepOnFailure,
            Seen = now => ReportProgress($"Making {Name}", now.Progress),
        };
        Emit(session, build.Run(request, Cancel));
    });

    private ServerDraft Draft() => new()
    {
        Name = Name, Image = Image, Volume = Volume, Flavor = Flavor, Networks = Network, Ports = Port, ServerGroup = ServerGroup,
        BootFromVolume = BootFromVolume || VolumeSizeGiB is not null || VolumeType is not null || DeleteVolumeOnTermination,
        VolumeSizeGiB = VolumeSizeGiB, VolumeType = VolumeType, DeleteVolumeOnTermination = DeleteVolumeOnTermination,
        Rest = new ServerRequest
        {
            Name = Name, FlavorId = "", KeyName = KeyName, SecurityGroups = SecurityGroup, AvailabilityZone = AvailabilityZone, UserData = _userData,
            ConfigDrive = ConfigDrive, Description = Description, Metadata = Texts.Of(Property), Tags = Tag,
        },
    };
}
