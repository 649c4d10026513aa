using System.Management.Automation;
using OsMigrate.Module.Parameters;
using OsMigrate.Module.Pipeline;
using OsMigrate.OpenStack.Images;

namespace OsMigrate.Module.Commands.OpenStack;

/// <summary>Downloads images into files and proves that they arrived whole.</summary>
[Cmdlet(VerbsCommunications.Receive, "GlanceImage", SupportsShouldProcess = true)]
[OutputType(typeof(FileInfo))]
public sealed class ReceiveGlanceImageCommand : OpenStackCmdlet
{
    private string _destination = "";

    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [Alias("Id")]
    [NameOrId]
    [ArgumentCompleter(typeof(ImageCompleter))]
    public string[] Image { get; set; } = [];

    [Parameter(Mandatory = true, Position = 1)]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(FileCompleter))]
    public string Destination { get; set; } = "";

    [Parameter]
    public SwitchParameter Force { get; set; }

    protected override void CheckParameters() => _destination = FilePaths.Literal(SessionState, Destination);

    protected override void TakeRecord() => RunForEach(Image, (session, name) =>
    {
        var image = new ImagesClient(session).Find(name!, Cancel);
        var path = Directory.Exists(_destination) ? Path.Combine(_destination, ImageDownload.FileName(image)) : _destination;
        if (!Confirm($"Download the image '{image.Name}' ({image.Id}) from '{session.Name}' to '{path}'.", $"Download the image '{image.Name}'?"))
            return;
        var download = new ImageDownload(session) { Progress = CopyProgress($"Downloading {image.Name}") };
        if (!download.Run(image, path, Force, Cancel))
            Warn($"Glance has no checksum of the image '{image.Name}' that is known here: only its size was compared.");
        Emit(new FileInfo(path));
    });
}
