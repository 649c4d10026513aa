using System.Management.Automation;
using OsMigrate.Module.Parameters;
using OsMigrate.Module.Pipeline;
using OsMigrate.OpenStack.Images;

namespace OsMigrate.Module.Commands.OpenStack;

/// <summary>Lists images.</summary>
[Cmdlet(VerbsCommon.Get, "GlanceImage")]
[OutputType(typeof(Image))]
public sealed class GetGlanceImageCommand : OpenStackCmdlet
{
    [Parameter(Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [Alias("Name", "Id")]
    [NameOrId]
    [SupportsWildcards]
    [ArgumentCompleter(typeof(ImageCompleter))]
    public string[] Image { get; set; } = [];

    [Parameter]
    public string? Tag { get; set; }

    protected override void TakeRecord() => RunForEach(Image, (session, name) =>
    {
        var images = new ImagesClient(session);
        foreach (var image in Choose(name, n => images.Find(n, Cancel), () => images.List(Cancel), i => i.Name).Where(i => Tag is null || i.Tags.Contains(Tag)))
            Emit(session, image);
    });
}
