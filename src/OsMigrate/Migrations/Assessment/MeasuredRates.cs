using System.Text.Json.Nodes;
using OsMigrate.Bytes;
using OsMigrate.Migrations.Cloud;
using OsMigrate.Migrations.Jobs;

namespace OsMigrate.Migrations.Assessment;

/// <summary>Reads from the records of jobs that were done how fast machines are moved here.</summary>
public static class MeasuredRates
{
    /// <summary>Smaller disks measure the start of things more than their speed.</summary>
    private const long LeastBytes = 256L << 20;

    /// <param name="fallback">Rates for what no job has measured.</param>
    /// <returns>The fallback itself when there is no job to learn from.</returns>
    public static MigrationRates From(JobStore store, MigrationRates fallback)
    {
        var (uploads, volumes, jobs) = (new List<(long Bytes, double Seconds)>(), new List<(long Bytes, double Seconds)>(), 0);
        foreach (var id in store.Ids)
        {
            var (before, entries) = (uploads.Count + volumes.Count, Entries(store, id));
            if (!entries.Any(static e => e.Kind == JobSteps.Finished))
                continue;
            foreach (var done in entries.Where(static e => e.Kind == JobSteps.Done))
                Read(entries, done, uploads, volumes);
            jobs += uploads.Count + volumes.Count > before ? 1 : 0;
        }

        if (jobs == 0)
            return fallback;
        return fallback with
        {
            CopyMiBPerSecond = Rate(uploads) ?? fallback.CopyMiBPerSecond,
            VolumeMiBPerSecond = Rate(volumes) ?? fallback.VolumeMiBPerSecond,
            Source = FormattableString.Invariant($"measured in {jobs} jobs: {Rate(uploads) ?? fallback.CopyMiBPerSecond:0.#} MiB/s a machine, {Rate(volumes) ?? fallback.VolumeMiBPerSecond:0.#} MiB/s from image to volume; published: {fallback.TotalMiBPerSecond:0.#} MiB/s in all; assumed: {fallback.Overhead.TotalMinutes:0.#} minutes each"),
        };
    }

    private static void Read(IReadOnlyList<JournalEntry> entries, JournalEntry done, List<(long, double)> uploads, List<(long, double)> volumes)
    {
        if (done.Data["result"] is not JsonObject result || (string?)done.Data["step"] is not { } step)
            return;
        if ((string?)result["kind"] == "image" && result["disk"] is JsonObject && (bool?)result["gone"] is not true)
        {
            var moved = DiskTransfer.Read(result);
            if (moved.SentBytes >= LeastBytes && moved.UploadDuration > TimeSpan.Zero)
                uploads.Add((moved.SentBytes, moved.UploadDuration.TotalSeconds));
        }
        else if ((string?)result["kind"] == "volume" && entries.LastOrDefault(e => e.Kind == JobSteps.Begun && (string?)e.Data["step"] == step) is { } begun && Sent(entries, step) is >= LeastBytes and var bytes && done.Time > begun.Time)
        {
            volumes.Add((bytes, (done.Time - begun.Time).TotalSeconds));
        }
    }

    /// <summary>Bytes of the image that a volume was made of: step volume0 belongs to image0.</summary>
    private static long Sent(IReadOnlyList<JournalEntry> entries, string step)
        => entries.FirstOrDefault(e => e.Kind == JobSteps.Done && (string?)e.Data["step"] == "image" + step.Substring("volume".Length))?.Data["result"] is JsonObject image && image["disk"] is JsonObject ? DiskTransfer.Read(image).SentBytes : 0;

    private static IReadOnlyList<JournalEntry> Entries(JobStore store, string id)
    {
        try
        {
            using var journal = store.Read(id, out _);
            return journal.Entries;
        }
        catch (OsMigrateException e) when (e.ErrorId is ErrorIds.JobDamaged or ErrorIds.FileAccess)
        {
            // A damaged record has nothing to learn from; Get-MigrationJob tells of it.
            return [];
        }
    }

    private static double? Rate(List<(long Bytes, double Seconds)> measured) => measured.Count == 0 ? null : measured.Sum(static m => m.Bytes) / 1048576.0 / measured.Sum(static m => m.Seconds);
}
