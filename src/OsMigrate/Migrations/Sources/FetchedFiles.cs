using System.Text.Json.Nodes;

namespace OsMigrate.Migrations.Sources;

/// <summary>The disks that an earlier run has fetched.</summary>
internal static class FetchedFiles
{
    /// <param name="fetched">What was noted: the size of each file.</param>
    public static bool AreThere(VSphereOrigin origin, int count, JsonObject fetched)
        => fetched["sizes"] is JsonArray sizes && sizes.Count == count
           && Enumerable.Range(0, count).All(i => new FileInfo(Path.Combine(origin.WorkFolder, SourceSteps.FileName(i))) is { Exists: true } file && file.Length == (long?)sizes[i]);
}
