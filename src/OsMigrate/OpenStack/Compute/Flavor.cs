using OsMigrate.OpenStack.Json;

namespace OsMigrate.OpenStack.Compute;

/// <summary>A size of servers (Compute API v2.1, "Flavors").</summary>
public sealed record Flavor
{
    public required string Id { get; init; }

    public string Name { get; init; } = "";

    public int CpuCount { get; init; }

    public long MemoryMiB { get; init; }

    /// <summary>Root disk for servers that boot from an image; 0 takes the image's size.</summary>
    public long DiskGiB { get; init; }

    public long EphemeralGiB { get; init; }

    public long SwapMiB { get; init; }

    public bool IsPublic { get; init; } = true;

    /// <summary>Extra specifications, where the cloud shows them.</summary>
    public IReadOnlyDictionary<string, string> ExtraSpecs { get; init; } = new Dictionary<string, string>(StringComparer.Ordinal);

    internal static Flavor Parse(JsonFields flavor) => new()
    {
        Id = flavor.Needed("id"),
        Name = flavor.Text("name") ?? "",
        CpuCount = (int)(flavor.Whole("vcpus") ?? 0),
        MemoryMiB = flavor.Whole("ram") ?? 0,
        DiskGiB = flavor.Whole("disk") ?? 0,
        EphemeralGiB = flavor.Whole("OS-FLV-EXT-DATA:ephemeral") ?? 0,
        SwapMiB = flavor.Whole("swap") ?? 0,
        IsPublic = flavor.Flag("os-flavor-access:is_public") ?? true,
        ExtraSpecs = flavor.Map("extra_specs"),
    };
}
