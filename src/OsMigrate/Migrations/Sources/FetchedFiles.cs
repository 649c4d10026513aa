using System.Text.Json.Nodes;
using OsMigrate.Disks;

namespace OsMigrate.Migrations.Sources;

/// <summary>A disk that lies in the work folder.</summary>
/// <param name="Format">What it was stored as. Never found out by looking: the guest has written the first bytes of a raw one.</param>
/// <param name="SizeBytes">Of the file.</param>
/// <param name="ContentDigest">Of the disk, as it arrived; null when not computed.</param>
internal sealed record FetchedDisk(DiskFormat Format, long SizeBytes, string? ContentDigest = null)
{
    /// <summary>What the lease called it; null when it came by ranges, or in an earlier run.</summary>
    public string? LeaseKey { get; init; }
}

/// <summary>What is noted of fetched disks, so that a job that goes on need not fetch them again.</summary>
internal static class FetchedFiles
{
    public static JsonObject Note(IEnumerable<FetchedDisk> disks)
    {
        var (sizes, formats, digests) = (new JsonArray(), new JsonArray(), new JsonArray());
        foreach (var disk in disks)
        {
            sizes.Add(disk.SizeBytes);
            formats.Add(disk.Format.Name);
            digests.Add(disk.ContentDigest);
        }

        return new JsonObject { ["sizes"] = sizes, ["formats"] = formats, ["digests"] = digests };
    }

    /// <returns>Null when the files are not what was noted, or not there.</returns>
    public static IReadOnlyList<FetchedDisk>? Find(VSphereOrigin origin, int count, JsonObject noted)
    {
        if (noted["sizes"] is not JsonArray sizes || noted["formats"] is not JsonArray formats || noted["digests"] is not JsonArray digests || sizes.Count != count || formats.Count != count || digests.Count != count)
            return null;
        var found = new List<FetchedDisk>();
        for (var i = 0; i < count; i++)
        {
            var file = new FileInfo(Path.Combine(origin.WorkFolder, SourceSteps.FileName(i)));
            if (!file.Exists || file.Length != (long?)sizes[i] || DiskFormats.Find((string?)formats[i] ?? "") is not { } format)
                return null;
            found.Add(new FetchedDisk(format, file.Length, (string?)digests[i]));
        }

        return found;
    }
}
