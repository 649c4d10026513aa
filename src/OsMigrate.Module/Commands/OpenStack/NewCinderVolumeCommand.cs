using System.Collections;
using System.Management.Automation;
using OsMigrate.Bytes;
using OsMigrate.Module.Parameters;
using OsMigrate.Module.Pipeline;
using OsMigrate.OpenStack;
using OsMigrate.OpenStack.Images;
using OsMigrate.OpenStack.Volumes;

namespace OsMigrate.Module.Commands.OpenStack;

/// <summary>Makes volumes, empty or with the content of an image or a volume.</summary>
[Cmdlet(VerbsCommon.New, "CinderVolume", SupportsShouldProcess = true, DefaultParameterSetName = FromImage)]
[OutputType(typeof(Volume))]
public sealed class NewCinderVolumeCommand : OpenStackCmdlet
{
    private const string FromImage = "Image";
    private const string FromVolume = "Volume";

    [Parameter(Mandatory = true, Position = 0), ValidateNotNullOrEmpty]
    public string Name { get; set; } = "";

    [Parameter(Position = 1), ValidateRange(1, 1 << 24)]
    public long? SizeGiB { get; set; }

    [Parameter(ValueFromPipeline = true, ParameterSetName = FromImage), NameOrId, ArgumentCompleter(typeof(ImageCompleter))]
    public string? Image { get; set; }

    [Parameter(Mandatory = true, ParameterSetName = FromVolume), NameOrId, ArgumentCompleter(typeof(VolumeCompleter))]
    public string? SourceVolume { get; set; }

    [Parameter, NameOrId, ArgumentCompleter(typeof(VolumeTypeCompleter))]
    public string? VolumeType { get; set; }

    [Parameter]
    public string? AvailabilityZone { get; set; }

    [Parameter]
    public string? Description { get; set; }

    [Parameter]
    public Hashtable? Property { get; set; }

    [Parameter]
    public SwitchParameter Bootable { get; set; }

    [Parameter]
    public SwitchParameter NoWait { get; set; }

    [Parameter, ValidateRange(1, 864000)]
    public int TimeoutSeconds { get; set; } = 3600;

    [Parameter]
    public SwitchParameter KeepOnFailure { get; set; }

    protected override void TakeRecord() => RunIn(Name, session =>
    {
        var request = Request(session);
        var content = request.ImageId is not null ? $", content of the image {Image}" : request.SourceVolumeId is not null ? $", content of the volume {SourceVolume}" : "";
        if (!Confirm($"Make the volume '{Name}' ({request.SizeGiB} GiB{content}) in '{session.Name}'.", $"Make the volume '{Name}'?"))
            return;
        var build = new VolumeBuild(session)
        {
            Limit = NoWait ? null : TimeSpan.FromSeconds(TimeoutSeconds),
            MakeBootable = Bootable,
            KeepOnFailure = KeepOnFailure,
            Seen = now => ReportProgress($"Making {Name}", now.Status),
        };
        Emit(session, build.Run(request, Cancel));
    });

    private VolumeRequest Request(CloudSession session)
    {
        var volumes = new VolumesClient(session);
        var image = Image is null ? null : new ImagesClient(session).Find(Image, Cancel);
        var source = SourceVolume is null ? null : volumes.Find(SourceVolume, Cancel);
        return new VolumeRequest
        {
            Name = Name,
            SizeGiB = SizeGiB ?? image?.LeastDiskGiB ?? source?.SizeGiB ?? throw new OsMigrateException(ErrorIds.BadRequest, ErrorKind.InvalidArgument, "An empty volume needs a size: -SizeGiB."),
            ImageId = image?.Id,
            SourceVolumeId = source?.Id,
            VolumeType = VolumeType is null ? null : volumes.FindType(VolumeType, Cancel).Id,
            AvailabilityZone = AvailabilityZone,
            Description = Description,
            Metadata = Texts.Of(Property),
        };
    }
}
