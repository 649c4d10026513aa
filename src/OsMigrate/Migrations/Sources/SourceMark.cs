using System.Text.Json.Nodes;
using OsMigrate.VSphere;
using OsMigrate.VSphere.Machines;
using OsMigrate.VSphere.Sessions;
using OsMigrate.VSphere.Tags;

namespace OsMigrate.Migrations.Sources;

/// <summary>Shows in vSphere that a machine was moved: a new name, a tag. Each is noted before it is done, so that it can be taken back after anything.</summary>
internal sealed class SourceMark(VSphereSession session, VSphereOrigin origin, ISourceNotes notes, CancellationToken cancel)
{
    private readonly MoRef _machine = new("VirtualMachine", origin.MachineId);

    /// <exception cref="Bytes.OsMigrateException">It was refused.</exception>
    public void Set()
    {
        if (origin.RenameTo is { } name && notes.Get(SourceSteps.Renamed) is null)
        {
            notes.Set(SourceSteps.Renamed, new JsonObject { ["from"] = origin.MachineName, ["to"] = name });
            notes.Log($"Renaming '{origin.MachineName}' to '{name}'.", SourceSteps.Renamed);
            var names = new MachineName(session, cancel);
            if (names.Of(_machine) != name)
                names.Set(_machine, name);
        }

        if (origin.TagId is { } tag && notes.Get(SourceSteps.Tagged) is null)
        {
            using var tags = new VSphereTags(session, cancel);
            // One that was there before is not ours to take away again.
            var had = tags.Of([_machine]).TryGetValue(_machine, out var present) && present.Contains(origin.TagName!, StringComparer.Ordinal);
            notes.Set(SourceSteps.Tagged, new JsonObject { ["tag"] = tag, ["had"] = had });
            notes.Log($"Tagging '{origin.MachineName}' with '{origin.TagName}'.", SourceSteps.Tagged);
            if (!had)
                tags.Attach(tag, _machine);
        }
    }

    /// <summary>Gives the old name back and takes the tag away, as far as they are still ours.</summary>
    public void TakeBack()
    {
        if (notes.Get(SourceSteps.Renamed) is { } renamed)
        {
            var names = new MachineName(session, cancel);
            if (names.Of(_machine) == (string?)renamed["to"])
            {
                notes.Log($"Naming it '{origin.MachineName}' again.", SourceSteps.Renamed);
                names.Set(_machine, origin.MachineName);
            }
        }

        if (notes.Get(SourceSteps.Tagged) is { } tagged && (bool?)tagged["had"] is false)
        {
            notes.Log($"Taking the tag '{origin.TagName}' from '{origin.MachineName}'.", SourceSteps.Tagged);
            using var tags = new VSphereTags(session, cancel);
            tags.Detach((string)tagged["tag"]!, _machine);
        }
    }
}
