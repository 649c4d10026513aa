using System.Collections;
using System.Management.Automation;
using System.Text.Json.Nodes;
using OsMigrate.Module.Parameters;
using OsMigrate.Module.Pipeline;
using OsMigrate.OpenStack.Images;

namespace OsMigrate.Module.Commands.OpenStack;

/// <summary>Changes fields, properties and tags of images.</summary>
[Cmdlet(VerbsCommon.Set, "GlanceImage", SupportsShouldProcess = true)]
[OutputType(typeof(Image))]
public sealed class SetGlanceImageCommand : OpenStackCmdlet
{
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [Alias("Id")]
    [NameOrId]
    [ArgumentCompleter(typeof(ImageCompleter))]
    public string[] Image { get; set; } = [];

    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? NewName { get; set; }

    [Parameter]
    [ValidateSet("public", "community", "shared", "private")]
    public string? Visibility { get; set; }

    [Parameter]
    public Hashtable? Property { get; set; }

    [Parameter]
    public string[]? RemoveProperty { get; set; }

    [Parameter]
    public string[]? Tag { get; set; }

    [Parameter]
    public bool? Protected { get; set; }

    [Parameter]
    public int? MinDiskGiB { get; set; }

    [Parameter]
    public int? MinMemoryMiB { get; set; }

    protected override void TakeRecord() => RunForEach(Image, (session, name) =>
    {
        var images = new ImagesClient(session);
        var image = images.Find(name!, Cancel);
        var changes = Changes();
        if (Confirm($"Change {string.Join(", ", changes.Keys)} of the image '{image.Name}' ({image.Id}) in '{session.Name}'.", $"Change the image '{image.Name}'?"))
            Emit(session, images.Update(image, changes, Cancel));
    });

    private Dictionary<string, JsonNode?> Changes()
    {
        var changes = new Dictionary<string, JsonNode?>(StringComparer.Ordinal);
        void Set(string name, JsonNode? value)
        {
            if (value is not null)
                changes[name] = value;
        }

        Set("name", NewName);
        Set("visibility", Visibility);
        Set("protected", Protected);
        Set("min_disk", MinDiskGiB);
        Set("min_ram", MinMemoryMiB);
        Set("tags", Tag is null ? null : new JsonArray(Tag.Select(t => (JsonNode)t).ToArray()));
        foreach (var property in Texts.Of(Property))
            changes[property.Key] = property.Value;
        foreach (var gone in RemoveProperty ?? [])
            changes[gone] = null;
        return changes;
    }
}
