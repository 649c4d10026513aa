using OsMigrate.Disks.Copying;
using OsMigrate.Migrations.Features;
using OsMigrate.Migrations.Preparation;

namespace OsMigrate.Migrations.Cloud;

/// <summary>What the user wants of a machine's move to a cloud. Names or ids; null or empty leaves the choice to the plan.</summary>
public sealed record CloudJobOptions
{
    public DiskTarget Target { get; init; }

    /// <summary>Type of the volumes; null for the cloud's default.</summary>
    public string? VolumeType { get; init; }

    /// <summary>Types by disk: its label, address ("scsi0:1"), file name or number, from 0.</summary>
    public IReadOnlyDictionary<string, string> VolumeTypes { get; init; } = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);

    public string? ServerName { get; init; }

    /// <summary>Null for the nearest that is not smaller.</summary>
    public string? Flavor { get; init; }

    /// <summary>Network of all adapters that <see cref="Networks"/> does not name.</summary>
    public string? Network { get; init; }

    /// <summary>Networks by what the source has: a network's name, or an adapter's label or MAC address.</summary>
    public IReadOnlyDictionary<string, string> Networks { get; init; } = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);

    /// <summary>Give the adapters new MAC addresses instead of the source's.</summary>
    public bool NewMacAddresses { get; init; }

    /// <summary>Give the ports the addresses that the source states; an error when it states none.</summary>
    public bool KeepIPAddress { get; init; }

    /// <summary>Addresses by adapter: its label, its MAC address, or its number, from 0. Several are separated by commas.</summary>
    public IReadOnlyDictionary<string, string> IPAddresses { get; init; } = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);

    public IReadOnlyList<string> SecurityGroups { get; init; } = [];

    public string? KeyName { get; init; }

    public string? AvailabilityZone { get; init; }

    public string? ServerGroup { get; init; }

    /// <summary>Metadata of the server.</summary>
    public IReadOnlyDictionary<string, string> Metadata { get; init; } = new Dictionary<string, string>(StringComparer.Ordinal);

    /// <summary>Full path.</summary>
    public string? UserDataPath { get; init; }

    public IReadOnlyList<string> Tags { get; init; } = [];

    /// <summary>Image properties that replace or add to those the source asks for; an empty value takes one away.</summary>
    public IReadOnlyDictionary<string, string> Properties { get; init; } = new Dictionary<string, string>(StringComparer.Ordinal);

    /// <summary>What becomes of Windows guests; null to leave every guest as it is without a word.</summary>
    public DriverWish? Drivers { get; init; }

    public Compression Compression { get; init; }

    public bool Verify { get; init; } = true;

    public long? BandwidthLimit { get; init; }

    public bool LeaveOff { get; init; }

    public string? WaitForText { get; init; }

    public int? WaitForPort { get; init; }

    public TimeSpan Limit { get; init; } = TimeSpan.FromMinutes(30);

    /// <summary>The same for a machine whose place was planned; what the user said for all machines counts more.</summary>
    public CloudJobOptions At(MachinePlacement placement) => this with
    {
        ServerGroup = ServerGroup ?? placement.ServerGroupId,
        AvailabilityZone = AvailabilityZone ?? placement.AvailabilityZone,
        Metadata = PlacementPlan.Merge(placement.Metadata, Metadata),
        Properties = PlacementPlan.Merge(placement.Properties, Properties),
    };
}
