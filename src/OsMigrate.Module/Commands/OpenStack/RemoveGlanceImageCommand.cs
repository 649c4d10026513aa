using System.Management.Automation;
using OsMigrate.Module.Parameters;
using OsMigrate.Module.Pipeline;
using OsMigrate.OpenStack.Images;

namespace OsMigrate.Module.Commands.OpenStack;

/// <summary>Deletes images.</summary>
[Cmdlet(VerbsCommon.Remove, "GlanceImage", SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.High)]
[OutputType(typeof(void))]
public sealed class RemoveGlanceImageCommand : OpenStackCmdlet
{
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [Alias("Name", "Id")]
    [NameOrId]
    [ArgumentCompleter(typeof(ImageCompleter))]
    public string[] Image { get; set; } = [];

    protected override void TakeRecord() => RunForEach(Image, (session, name) =>
    {
        var images = new ImagesClient(session);
        var image = images.Find(name!, Cancel);
        if (Confirm($"Delete the image '{image.Name}' ({image.Id}) in '{session.Name}'.", $"Delete the image '{image.Name}'?"))
            images.Delete(image.Id, Cancel);
    });
}
