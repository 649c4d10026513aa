using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using OsMigrate.Bytes;
using OsMigrate.Disks.Copying;
using OsMigrate.Migrations.Preparation;
using OsMigrate.Migrations.Sources;

namespace OsMigrate.Migrations.Cloud;

/// <summary>What a machine's boot disk becomes.</summary>
public enum DiskTarget
{
    /// <summary>An image; the server's boot disk is a copy of it on the compute host. Further disks become volumes.</summary>
    Image,

    /// <summary>All disks become volumes.</summary>
    Volume,
}

/// <summary>Everything that was decided for one machine before anything was made: what a resumed job goes by. Holds no secret.</summary>
public sealed record CloudJobPlan
{
    private static readonly JsonSerializerOptions Options = new() { Converters = { new JsonStringEnumConverter() }, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull };

    public required string JobId { get; init; }

    /// <summary>Full path of the appliance or disk image; for a machine of vSphere what people call it.</summary>
    public required string SourcePath { get; init; }

    public required string SourceKind { get; init; }

    /// <summary>Size and time of the source file when the plan was made: a job is not resumed from another file.</summary>
    public long SourceSizeBytes { get; init; }

    public DateTime SourceModifiedAt { get; init; }

    /// <summary>The machine in vSphere; null when the source is a file.</summary>
    public VSphereOrigin? Origin { get; init; }

    /// <summary>Id of the machine in its source.</summary>
    public required string MachineId { get; init; }

    public required string MachineName { get; init; }

    /// <summary>Name of the cloud in clouds.yaml.</summary>
    public required string Cloud { get; init; }

    public required string ProjectId { get; init; }

    public required string ServerName { get; init; }

    public required string FlavorId { get; init; }

    public required string FlavorName { get; init; }

    public DiskTarget Target { get; init; }

    public required IReadOnlyList<CloudDisk> Disks { get; init; }

    /// <summary>In the order of the machine's adapters.</summary>
    public required IReadOnlyList<CloudPort> Ports { get; init; }

    /// <summary>Glance properties of the boot disk.</summary>
    public required IReadOnlyDictionary<string, string> ImageProperties { get; init; }

    public IReadOnlyList<string> SecurityGroupIds { get; init; } = [];

    public string? KeyName { get; init; }

    public string? AvailabilityZone { get; init; }

    public string? ServerGroupId { get; init; }

    /// <summary>Name and policy of the group, for people.</summary>
    public string? ServerGroupName { get; init; }

    /// <summary>File with the user data; its content, which may hold secrets, is read when the server is made.</summary>
    public string? UserDataPath { get; init; }

    public IReadOnlyList<string> Tags { get; init; } = [];

    /// <summary>Metadata of the server, besides our own.</summary>
    public IReadOnlyDictionary<string, string> Metadata { get; init; } = new Dictionary<string, string>(StringComparer.Ordinal);

    /// <summary>How the guest is changed on the way; null when it stays as it is.</summary>
    public GuestPreparationPlan? Preparation { get; init; }

    public Compression Compression { get; init; }

    public bool Verify { get; init; } = true;

    /// <summary>Most bytes per second of an upload; null for no limit.</summary>
    public long? BandwidthLimit { get; init; }

    /// <summary>Leave the server off: it is made, seen ACTIVE and stopped.</summary>
    public bool LeaveOff { get; init; }

    /// <summary>Text on the serial console that proves that the guest has started; null to wait for ACTIVE only.</summary>
    public string? WaitForText { get; init; }

    /// <summary>TCP port of the guest that must answer; null for none.</summary>
    public int? WaitForPort { get; init; }

    public TimeSpan Limit { get; init; } = TimeSpan.FromMinutes(30);

    public IReadOnlyList<string> Warnings { get; init; } = [];

    /// <summary>What it takes of the project's quotas, one text each, as it was when the plan was made.</summary>
    public IReadOnlyList<string> Quotas { get; init; } = [];

    /// <summary>What will be made, one sentence each, for -WhatIf.</summary>
    [JsonIgnore]
    public IEnumerable<string> Steps => CloudJobSteps.Describe(this);

    public JsonObject ToJson() => JsonSerializer.SerializeToNode(this, Options)!.AsObject();

    /// <exception cref="OsMigrateException"><see cref="ErrorIds.JobDamaged"/>.</exception>
    public static CloudJobPlan FromJson(JsonObject json, string path)
    {
        try
        {
            return json.Deserialize<CloudJobPlan>(Options) ?? throw new JsonException("it is empty");
        }
        catch (Exception e) when (e is JsonException or NotSupportedException or ArgumentException)
        {
            throw new OsMigrateException(ErrorIds.JobDamaged, ErrorKind.InvalidData, $"The plan in '{path}' cannot be read: {e.Message}", path, e);
        }
    }
}

/// <summary>One disk of the plan.</summary>
/// <param name="Index">Position in the machine, from 0, the boot disk.</param>
/// <param name="SourceId">Id of the disk in its machine.</param>
/// <param name="Name">Name of its image and volume.</param>
/// <param name="SizeBytes">Virtual size.</param>
/// <param name="ImageId">Id its image is made with, chosen beforehand so that nothing is made twice.</param>
/// <param name="ToVolume">True when a volume is made of the image, which is deleted then.</param>
public sealed record CloudDisk(int Index, string SourceId, string Name, long SizeBytes, string ImageId, bool ToVolume)
{
    private const long GiB = 1L << 30;

    public string? VolumeType { get; init; }

    /// <summary>Size of its volume: whole GiB, at least one.</summary>
    public long VolumeSizeGiB => Math.Max(1, (SizeBytes + GiB - 1) / GiB);
}

/// <summary>One network adapter of the plan.</summary>
/// <param name="MacAddress">Null for a new one.</param>
/// <param name="Addresses">Empty for what the network gives.</param>
public sealed record CloudPort(int Index, string Name, string NetworkId, string NetworkName, string? MacAddress, IReadOnlyList<string> Addresses);
