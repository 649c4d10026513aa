using OsMigrate.OpenStack.Json;

namespace OsMigrate.OpenStack.Images;

/// <summary>An image in Glance (Image service API v2, "Show image"). Sizes in bytes, times in UTC.</summary>
public sealed record Image
{
    // What has a field of its own, or is of no use; everything else is a property.
    private static readonly HashSet<string> Known = new(StringComparer.Ordinal)
    {
        "id", "name", "status", "disk_format", "container_format", "size", "virtual_size", "visibility", "owner", "min_disk", "min_ram", "created_at",
        "updated_at", "checksum", "os_hash_algo", "os_hash_value", "os_hidden", "tags", "protected", "self", "file", "schema", "locations", "direct_url", "stores",
    };

    public required string Id { get; init; }

    public string Name { get; init; } = "";

    /// <summary>queued, saving, importing, active, killed, deleted, deactivated, uploading.</summary>
    public string Status { get; init; } = "";

    public string? DiskFormat { get; init; }

    public string? ContainerFormat { get; init; }

    /// <summary>Size of the stored file; null until it is stored.</summary>
    public long? SizeBytes { get; init; }

    /// <summary>Size of the disk in it, where Glance looked.</summary>
    public long? VirtualSizeBytes { get; init; }

    /// <summary>public, community, shared or private.</summary>
    public string Visibility { get; init; } = "";

    public string? ProjectId { get; init; }

    public long MinDiskGiB { get; init; }

    public long MinMemoryMiB { get; init; }

    /// <summary>The smallest disk that holds it: what Glance was told, or the size of the disk in it, or else that of the file.</summary>
    public long LeastDiskGiB => Math.Max(1, Math.Max(MinDiskGiB, ((VirtualSizeBytes ?? SizeBytes ?? 0) + (1L << 30) - 1) >> 30));

    public DateTime? CreatedAt { get; init; }

    public DateTime? UpdatedAt { get; init; }

    /// <summary>MD5 of the stored file, where the cloud still makes it.</summary>
    public string? Checksum { get; init; }

    /// <summary>Algorithm of <see cref="HashValue"/>: sha512 unless the operator chose another.</summary>
    public string? HashAlgorithm { get; init; }

    public string? HashValue { get; init; }

    public bool IsHidden { get; init; }

    public bool IsProtected { get; init; }

    public IReadOnlyList<string> Tags { get; init; } = [];

    public IReadOnlyDictionary<string, string> Properties { get; init; } = new Dictionary<string, string>(StringComparer.Ordinal);

    internal static Image Parse(JsonFields image) => new()
    {
        Id = image.Needed("id"),
        Name = image.Text("name") ?? "",
        Status = image.Text("status") ?? "",
        DiskFormat = image.Text("disk_format"),
        ContainerFormat = image.Text("container_format"),
        SizeBytes = image.Whole("size"),
        VirtualSizeBytes = image.Whole("virtual_size"),
        Visibility = image.Text("visibility") ?? "",
        ProjectId = image.Text("owner"),
        MinDiskGiB = image.Whole("min_disk") ?? 0,
        MinMemoryMiB = image.Whole("min_ram") ?? 0,
        CreatedAt = image.Time("created_at"),
        UpdatedAt = image.Time("updated_at"),
        Checksum = image.Text("checksum"),
        HashAlgorithm = image.Text("os_hash_algo"),
        HashValue = image.Text("os_hash_value"),
        IsHidden = image.Flag("os_hidden") ?? false,
        IsProtected = image.Flag("protected") ?? false,
        Tags = image.Texts("tags"),
        Properties = image.All.Where(p => !Known.Contains(p.Key) && p.Value is not null).ToDictionary(p => p.Key, p => p.Value!, StringComparer.Ordinal),
    };
}
