using OsMigrate.Bytes;
using OsMigrate.Machines;
using OsMigrate.VSphere.Inventory;

namespace OsMigrate.Migrations.Assessment;

/// <summary>How much can go wrong with a move.</summary>
public enum MigrationRisk
{
    Low,
    Medium,
    High,
}

/// <summary>What an assessment says of one machine. Sizes that are not known are null.</summary>
public sealed record MachineAssessment
{
    public string Name => Machine.Name;

    public MigrationVerdict Verdict { get; init; }

    /// <summary>The heaviest first.</summary>
    public IReadOnlyList<MigrationConcern> Concerns { get; init; } = [];

    /// <summary>Ids of checks whose answer the source does not tell.</summary>
    public IReadOnlyList<string> UnknownChecks { get; init; } = [];

    public int CheckCount { get; init; }

    public MigrationRisk Risk { get; init; }

    /// <summary>Number of the wave it is proposed for, from 1; null when it cannot be moved as it is.</summary>
    public int? Wave { get; init; }

    /// <summary>Names what binds it to other machines: a rule, a vApp, or the user's own group; empty when nothing does.</summary>
    public string Group { get; init; } = "";

    /// <summary>The system, as Tools or its owner name it; empty when neither does.</summary>
    public string Guest { get; init; } = "";

    public GuestFamily GuestFamily { get; init; }

    /// <summary>Nearest flavor of the cloud; empty without a cloud, or when none fits.</summary>
    public string Flavor { get; init; } = "";

    /// <summary>Server or file it was read from.</summary>
    public string Source { get; init; } = "";

    public string SourceKind { get; init; } = "";

    public string PowerState => Machine.PowerState;

    public int CpuCount => Machine.CpuCount;

    public long MemoryMiB => Machine.MemoryMiB;

    public int DiskCount => Machine.Disks.Count;

    public int NicCount => Machine.Nics.Count;

    /// <summary>Sizes of the disks as the guest sees them.</summary>
    public long? CapacityBytes { get; init; }

    /// <summary>What the datastore has promised.</summary>
    public long? ProvisionedBytes { get; init; }

    /// <summary>What it takes on the datastore.</summary>
    public long? UsedBytes { get; init; }

    /// <summary>Bytes a day that it has grown on the datastore since an earlier report; null without one.</summary>
    public long? GrowthBytesPerDay { get; init; }

    /// <summary>What the guest's file systems hold, as Tools sees it.</summary>
    public long? InUseBytes { get; init; }

    /// <summary>What will have to be copied, as far as it can be told; null when no size is known.</summary>
    public long? CopyBytes { get; init; }

    /// <summary>Estimated time of its move; null when no size is known.</summary>
    public TimeSpan? Duration { get; init; }

    public IReadOnlyList<string> Datastores { get; init; } = [];

    public IReadOnlyList<string> Networks { get; init; } = [];

    /// <summary>Everything that is known of it.</summary>
    public VSphereMachine Machine { get; init; } = new();

    public VSphereTraits Traits { get; init; } = new();

    /// <summary>What all machines of an assessment have in common.</summary>
    public AssessmentContext Context { get; init; } = new();

    /// <summary>Its place in the inventory.</summary>
    internal int Index { get; init; }

    /// <summary>Size of the disks, for people.</summary>
    public string Capacity => CapacityBytes is { } bytes ? ByteSize.Text(bytes) : "";

    /// <summary>The heaviest concern and how many there are, for people.</summary>
    public string Summary => Concerns.Count == 0 ? "" : Concerns[0].Label + (Concerns.Count > 1 ? $" and {Concerns.Count - 1} more" : "");

    public override string ToString() => $"{Name}: {Verdict}";
}

/// <summary>What an assessment was made of and with.</summary>
public sealed record AssessmentContext
{
    /// <summary>UTC.</summary>
    public DateTime CreatedAt { get; init; }

    /// <summary>Servers and files, each once.</summary>
    public IReadOnlyList<string> Sources { get; init; } = [];

    public string Cloud { get; init; } = "";

    public MigrationRates Rates { get; init; } = new();

    public WaveLimits Waves { get; init; } = new();

    public IReadOnlyList<VSphereHost> Hosts { get; init; } = [];

    public IReadOnlyList<VSphereDatastore> Datastores { get; init; } = [];

    public IReadOnlyList<VSphereNetwork> Networks { get; init; } = [];

    /// <summary>What could not be read, one sentence each.</summary>
    public IReadOnlyList<string> Notices { get; init; } = [];

    /// <summary>All that was looked for.</summary>
    public IReadOnlyList<AssessmentCheck> Checks { get; init; } = [];

    /// <summary>What was assessed, kept for a report without names.</summary>
    internal InventorySnapshot Inventory { get; init; } = new();

    internal AssessmentOptions Options { get; init; } = new();
}
