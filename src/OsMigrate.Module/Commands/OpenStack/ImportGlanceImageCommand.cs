using System.Collections;
using System.Management.Automation;
using OsMigrate.Module.Parameters;
using OsMigrate.Module.Pipeline;
using OsMigrate.OpenStack.Images;

namespace OsMigrate.Module.Commands.OpenStack;

/// <summary>Has Glance fetch images from addresses by itself.</summary>
[Cmdlet(VerbsData.Import, "GlanceImage", SupportsShouldProcess = true)]
[OutputType(typeof(Image))]
public sealed class ImportGlanceImageCommand : OpenStackCmdlet
{
    [Parameter(Mandatory = true, Position = 0, ValueFromPipelineByPropertyName = true)]
    public Uri Uri { get; set; } = null!;

    [Parameter(Mandatory = true, Position = 1, ValueFromPipelineByPropertyName = true), ValidateNotNullOrEmpty]
    public string Name { get; set; } = "";

    [Parameter(ValueFromPipelineByPropertyName = true), DiskFormat, ArgumentCompleter(typeof(DiskFormatCompleter))]
    public string DiskFormat { get; set; } = "qcow2";

    [Parameter]
    public Hashtable? Property { get; set; }

    [Parameter]
    public string[] Tag { get; set; } = [];

    [Parameter]
    [ValidateSet("public", "community", "shared", "private")]
    public string? Visibility { get; set; }

    [Parameter]
    public SwitchParameter Protected { get; set; }

    [Parameter, ValidateRange(0, 1 << 20)]
    public int MinDiskGiB { get; set; }

    [Parameter, ValidateRange(0, 1 << 24)]
    public int MinMemoryMiB { get; set; }

    [Parameter]
    public string[] Store { get; set; } = [];

    [Parameter]
    public SwitchParameter NoWait { get; set; }

    [Parameter, ValidateRange(1, 864000)]
    public int TimeoutSeconds { get; set; } = 3600;

    protected override void TakeRecord() => RunIn(Name, session =>
    {
        if (!Confirm($"Have '{session.Name}' fetch the image '{Name}' from {Uri}.", $"Fetch the image '{Name}'?"))
            return;
        var fetch = new ImageFetch(session) { Limit = NoWait ? null : TimeSpan.FromSeconds(TimeoutSeconds), Seen = now => ReportProgress($"Fetching {Name}", now.Status) };
        Emit(session, fetch.Run(Request(), Uri, Cancel));
    });

    private ImageRequest Request() => new()
    {
        Name = Name,
        DiskFormat = DiskFormat,
        Properties = Texts.Of(Property),
        Tags = Tag,
        Visibility = Visibility,
        IsProtected = Protected,
        MinDiskGiB = MinDiskGiB,
        MinMemoryMiB = MinMemoryMiB,
        Stores = Store,
    };
}
