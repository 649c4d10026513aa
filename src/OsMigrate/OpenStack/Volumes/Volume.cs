using OsMigrate.OpenStack.Json;

namespace OsMigrate.OpenStack.Volumes;

/// <summary>A volume in Cinder (Block Storage API v3, "Show a volume's details").</summary>
public sealed record Volume
{
    public required string Id { get; init; }

    public string Name { get; init; } = "";

    public string? Description { get; init; }

    /// <summary>creating, downloading, available, in-use, error ...</summary>
    public string Status { get; init; } = "";

    public long SizeGiB { get; init; }

    public string? VolumeType { get; init; }

    public bool IsBootable { get; init; }

    public bool IsEncrypted { get; init; }

    public string? AvailabilityZone { get; init; }

    /// <summary>Servers it is attached to.</summary>
    public IReadOnlyList<string> ServerIds { get; init; } = [];

    public IReadOnlyDictionary<string, string> Metadata { get; init; } = new Dictionary<string, string>(StringComparer.Ordinal);

    /// <summary>Image properties that Nova follows when a server boots from it.</summary>
    public IReadOnlyDictionary<string, string> ImageMetadata { get; init; } = new Dictionary<string, string>(StringComparer.Ordinal);

    public DateTime? CreatedAt { get; init; }

    internal static Volume Parse(JsonFields volume) => new()
    {
        Id = volume.Needed("id"),
        Name = volume.Text("name") ?? "",
        Description = volume.Text("description"),
        Status = volume.Text("status") ?? "",
        SizeGiB = volume.Whole("size") ?? 0,
        VolumeType = volume.Text("volume_type"),
        IsBootable = volume.Flag("bootable") ?? false,
        IsEncrypted = volume.Flag("encrypted") ?? false,
        AvailabilityZone = volume.Text("availability_zone"),
        ServerIds = volume.Objects("attachments").Select(a => a.Text("server_id")).OfType<string>().ToList(),
        Metadata = volume.Map("metadata"),
        ImageMetadata = volume.Map("volume_image_metadata"),
        CreatedAt = volume.Time("created_at"),
    };
}

/// <summary>A type of volumes: which storage, which guarantees.</summary>
public sealed record VolumeType(string Id, string Name, string? Description, bool IsPublic, bool IsDefault)
{
    /// <summary>Extra specifications that the cloud shows this user.</summary>
    public IReadOnlyDictionary<string, string> ExtraSpecs { get; init; } = new Dictionary<string, string>(StringComparer.Ordinal);
}
