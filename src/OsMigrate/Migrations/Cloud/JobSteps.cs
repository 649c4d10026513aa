using System.Text.Json.Nodes;
using OsMigrate.Migrations.Jobs;

namespace OsMigrate.Migrations.Cloud;

/// <summary>The journal's entries of a cloud job, read and written: which steps are done, and with what result.</summary>
internal sealed class JobSteps(JobJournal journal)
{
    public const string Planned = "plan";
    public const string Begun = "begin";
    public const string Done = "step";
    public const string ImageId = "image-id";
    public const string Finished = "finished";
    public const string Failed = "failed";
    public const string Interrupted = "interrupted";
    public const string Undone = "undone";

    /// <summary>What a step noted when it was done; null when it is not.</summary>
    public JsonObject? ResultOf(string step) => journal.Entries.LastOrDefault(e => e.Kind == Done && (string?)e.Data["step"] == step)?.Data["result"] as JsonObject;

    public bool IsDone(string step) => ResultOf(step) is not null;

    /// <summary>Notes that something is about to be made, so that a job that goes on after a crash knows to look for it.</summary>
    public void Begin(string step) => journal.Append(Begun, new JsonObject { ["step"] = step });

    /// <summary>True when an earlier run may have asked for it without living to see the answer.</summary>
    public bool WasBegun(string step) => journal.Entries.Any(e => e.Kind == Begun && (string?)e.Data["step"] == step);

    /// <summary>The step that was begun last and has no end: its request may still be under way. With the time it was begun, UTC.</summary>
    public (string Step, DateTime Since)? Open
        => journal.Entries.LastOrDefault(e => e.Kind == Begun) is { } begun && (string)begun.Data["step"]! is var step && !IsDone(step) ? (step, begun.Time) : null;

    public void Complete(string step, JsonObject result) => journal.Append(Done, new JsonObject { ["step"] = step, ["result"] = result });

    /// <summary>The id that the image of a disk has, or shall have.</summary>
    public string ImageIdOf(CloudDisk disk)
        => (string?)journal.Entries.LastOrDefault(e => e.Kind == ImageId && (int?)e.Data["disk"] == disk.Index)?.Data["id"] ?? disk.ImageId;

    /// <summary>Every id that an image of a disk has had: a broken image is replaced by one with another id.</summary>
    public IEnumerable<string> ImageIdsOf(CloudDisk disk)
        => journal.Entries.Where(e => e.Kind == ImageId && (int?)e.Data["disk"] == disk.Index).Select(e => (string)e.Data["id"]!).Prepend(disk.ImageId);

    public void NoteImageId(CloudDisk disk, string id) => journal.Append(ImageId, new JsonObject { ["disk"] = disk.Index, ["id"] = id });
}
