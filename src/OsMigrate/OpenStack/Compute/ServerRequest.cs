using System.Text.Json.Nodes;
using OsMigrate.OpenStack.Services;

namespace OsMigrate.OpenStack.Compute;

/// <summary>One disk of a new server (Nova user guide, "Block device mapping").</summary>
/// <param name="SourceType">image, volume, snapshot or blank.</param>
/// <param name="SourceId">Null for blank.</param>
/// <param name="DestinationType">local or volume.</param>
/// <param name="BootIndex">0 for the disk the server starts from, 1 and up for the next, -1 for none.</param>
public sealed record BlockDevice(string SourceType, string? SourceId, string DestinationType, int BootIndex)
{
    /// <summary>Needed when a volume is made.</summary>
    public long? SizeGiB { get; init; }

    public bool DeleteOnTermination { get; init; }

    /// <summary>Type of a volume that is made.</summary>
    public string? VolumeType { get; init; }

    /// <summary>virtio, scsi, sata, ide; null for what the image says.</summary>
    public string? DiskBus { get; init; }

    public string? Tag { get; init; }

    internal JsonObject ToJson(Microversion? version)
    {
        var body = new JsonObject { ["source_type"] = SourceType, ["destination_type"] = DestinationType, ["boot_index"] = BootIndex, ["delete_on_termination"] = DeleteOnTermination };
        if (SourceId is not null)
            body["uuid"] = SourceId;
        if (SizeGiB is { } size)
            body["volume_size"] = size;
        if (DiskBus is not null)
            body["disk_bus"] = DiskBus;
        if (VolumeType is not null && version >= new Microversion(2, 67))
            body["volume_type"] = VolumeType;
        if (Tag is not null && version >= new Microversion(2, 42))
            body["tag"] = Tag;
        return body;
    }
}

/// <summary>A network adapter of a new server: an existing port, or a network where Nova makes one.</summary>
public sealed record ServerNetwork(string? PortId, string? NetworkId)
{
    public string? FixedIp { get; init; }

    internal JsonObject ToJson()
    {
        var body = new JsonObject();
        if (PortId is not null)
            body["port"] = PortId;
        else
            body["uuid"] = NetworkId;
        if (FixedIp is not null && PortId is null)
            body["fixed_ip"] = FixedIp;
        return body;
    }
}

/// <summary>What a new server shall be (Compute API v2.1, "Create server").</summary>
public sealed record ServerRequest
{
    public required string Name { get; init; }

    public required string FlavorId { get; init; }

    /// <summary>Image to boot from; null when <see cref="Disks"/> name the boot disk.</summary>
    public string? ImageId { get; init; }

    public IReadOnlyList<BlockDevice> Disks { get; init; } = [];

    /// <summary>Adapters in order; null lets Nova choose a network, empty gives none.</summary>
    public IReadOnlyList<ServerNetwork>? Networks { get; init; }

    public string? KeyName { get; init; }

    public IReadOnlyList<string> SecurityGroups { get; init; } = [];

    public string? AvailabilityZone { get; init; }

    public string? ServerGroupId { get; init; }

    /// <summary>Up to 64 KiB once encoded.</summary>
    public byte[]? UserData { get; init; }

    public bool ConfigDrive { get; init; }

    public string? Description { get; init; }

    public IReadOnlyDictionary<string, string> Metadata { get; init; } = new Dictionary<string, string>(StringComparer.Ordinal);

    public IReadOnlyList<string> Tags { get; init; } = [];

    /// <summary>The host name the guest is given; null for Nova's choice.</summary>
    public string? HostName { get; init; }

    internal JsonObject ToJson(Microversion? version)
    {
        var server = new JsonObject { ["name"] = Name, ["flavorRef"] = FlavorId, ["networks"] = ToJson(Networks, version) };
        if (server["networks"] is null)
            server.Remove("networks");
        if (ImageId is not null)
            server["imageRef"] = ImageId;
        if (Disks.Count > 0)
            server["block_device_mapping_v2"] = new JsonArray(Disks.Select(d => (JsonNode)d.ToJson(version)).ToArray());
        if (Metadata.Count > 0)
            server["metadata"] = new JsonObject(Metadata.Select(m => new KeyValuePair<string, JsonNode?>(m.Key, m.Value)));
        if (SecurityGroups.Count > 0)
            server["security_groups"] = new JsonArray(SecurityGroups.Select(g => (JsonNode)new JsonObject { ["name"] = g }).ToArray());
        AddText(server, "key_name", KeyName);
        AddText(server, "availability_zone", AvailabilityZone);
        if (UserData is not null)
            server["user_data"] = Convert.ToBase64String(UserData);
        if (ConfigDrive)
            server["config_drive"] = true;
        AddText(server, "description", version >= new Microversion(2, 19) ? Description : null);
        AddText(server, "hostname", version >= new Microversion(2, 90) ? HostName : null);
        if (Tags.Count > 0 && version >= new Microversion(2, 52))
            server["tags"] = new JsonArray(Tags.Select(t => (JsonNode)t).ToArray());
        var body = new JsonObject { ["server"] = server };
        if (ServerGroupId is not null)
            body["os:scheduler_hints"] = new JsonObject { ["group"] = ServerGroupId };
        return body;
    }

    private static JsonNode? ToJson(IReadOnlyList<ServerNetwork>? networks, Microversion? version)
    {
        var words = version >= new Microversion(2, 37);
        if (networks is null)
            return words ? "auto" : null;
        return networks.Count == 0 && words ? "none" : new JsonArray(networks.Select(n => (JsonNode)n.ToJson()).ToArray());
    }

    private static void AddText(JsonObject body, string name, string? value)
    {
        if (value is not null)
            body[name] = value;
    }
}
