namespace OsMigrate.VSphere.Inventory;

/// <summary>What matters for an assessment and for nothing else. Null stands for "not known" throughout.</summary>
public sealed record VSphereTraits
{
    public bool? CpuHotAdd { get; init; }

    public bool? MemoryHotAdd { get; init; }

    /// <summary>Memory that the balloon driver has taken from the guest.</summary>
    public long? BalloonedMiB { get; init; }

    /// <summary>"0,1": processors that the machine is pinned to; empty when it is not.</summary>
    public string? CpuAffinity { get; init; }

    /// <summary>NUMA nodes that its memory is pinned to; empty when it is not.</summary>
    public string? NumaAffinity { get; init; }

    /// <summary>It may run virtual machines itself.</summary>
    public bool? NestedVirtualization { get; init; }

    /// <summary>The guest sees the disks' serial numbers (disk.EnableUUID).</summary>
    public bool? DiskUuidEnabled { get; init; }

    /// <summary>normal, low, medium, high.</summary>
    public string? LatencySensitivity { get; init; }

    public long? CpuReservationMHz { get; init; }

    public long? MemoryReservationMiB { get; init; }

    /// <summary>It stands for a machine that Site Recovery Manager protects elsewhere.</summary>
    public bool? IsRecoveryPlaceholder { get; init; }

    /// <summary>Labels of disks on a SCSI bus that other machines share.</summary>
    public IReadOnlyList<string>? SharedBusDisks { get; init; }

    /// <summary>Labels of USB controllers.</summary>
    public IReadOnlyList<string>? UsbControllers { get; init; }

    /// <summary>What Tools says is mounted; null without Tools.</summary>
    public IReadOnlyList<GuestFileSystem>? FileSystems { get; init; }

    /// <summary>The system that Tools found running, in VMware's words.</summary>
    public string? RunningGuest { get; init; }

    /// <summary>Space of all snapshots together.</summary>
    public long? SnapshotBytes { get; init; }

    public DateTime? CreatedAt { get; init; }
}

/// <summary>A file system in a guest.</summary>
/// <param name="Path">"C:\", "/".</param>
public sealed record GuestFileSystem(string Path, long CapacityBytes, long FreeBytes);
