using System.Text.Json.Nodes;

namespace OsMigrate.OpenStack.Images;

/// <summary>What a new image shall be (Image service API v2, "Create image").</summary>
public sealed record ImageRequest
{
    public required string Name { get; init; }

    public required string DiskFormat { get; init; }

    public string ContainerFormat { get; init; } = "bare";

    /// <summary>public, community, shared or private; null for the cloud's default.</summary>
    public string? Visibility { get; init; }

    public bool IsProtected { get; init; }

    public long MinDiskGiB { get; init; }

    public long MinMemoryMiB { get; init; }

    public IReadOnlyList<string> Tags { get; init; } = [];

    public IReadOnlyDictionary<string, string> Properties { get; init; } = new Dictionary<string, string>(StringComparer.Ordinal);

    /// <summary>Names of the stores an import goes to; empty for the default store.</summary>
    public IReadOnlyList<string> Stores { get; init; } = [];

    internal JsonObject ToJson(string id)
    {
        var body = new JsonObject { ["id"] = id, ["name"] = Name, ["disk_format"] = DiskFormat, ["container_format"] = ContainerFormat };
        foreach (var property in Properties)
            body[property.Key] = property.Value;
        if (Visibility is not null)
            body["visibility"] = Visibility;
        if (IsProtected)
            body["protected"] = true;
        if (MinDiskGiB > 0)
            body["min_disk"] = MinDiskGiB;
        if (MinMemoryMiB > 0)
            body["min_ram"] = MinMemoryMiB;
        if (Tags.Count > 0)
            body["tags"] = new JsonArray(Tags.Select(t => (JsonNode)t).ToArray());
        return body;
    }
}
