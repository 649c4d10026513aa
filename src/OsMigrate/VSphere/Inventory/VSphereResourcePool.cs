namespace OsMigrate.VSphere.Inventory;

/// <summary>What a resource pool gives its machines of one thing (ResourceAllocationInfo): MHz of CPU, or MiB of memory.</summary>
/// <param name="Shares">Weight against others when there is not enough.</param>
/// <param name="ShareLevel">low, normal, high or custom.</param>
/// <param name="Reservation">Kept for it.</param>
/// <param name="Limit">Null for none.</param>
public sealed record ResourceAllocation(long Shares, string ShareLevel, long Reservation, bool IsExpandable, long? Limit)
{
    /// <summary>It reserves nothing, is not limited, and weighs as everything else.</summary>
    public bool IsUsual => Reservation == 0 && Limit is null && ShareLevel is "normal" or "";
}

/// <summary>A resource pool or a vApp.</summary>
public sealed record VSphereResourcePool
{
    public MoRef Reference { get; init; }

    public string Name { get; init; } = "";

    public bool IsVApp => Reference.Type == "VirtualApp";

    /// <summary>The cluster or host that it divides.</summary>
    public MoRef? Owner { get; init; }

    /// <summary>The pool that every cluster has, which means nothing by itself.</summary>
    public bool IsRoot { get; init; }

    public ResourceAllocation? Cpu { get; init; }

    public ResourceAllocation? Memory { get; init; }

    /// <summary>For a vApp: how it starts and stops its parts, in the order in which they start.</summary>
    public IReadOnlyList<VAppEntry> Entries { get; init; } = [];

    public override string ToString() => Name;
}

/// <summary>How a vApp starts and stops one of its parts (VAppEntityConfigInfo).</summary>
/// <param name="Part">A machine, or a vApp within.</param>
/// <param name="StartOrder">Smaller numbers first; equal ones together. Null when it states none.</param>
/// <param name="WaitsForGuest">The next ones start as soon as its Tools answer, before the delay is over.</param>
/// <param name="StartAction">powerOn or none.</param>
/// <param name="StopAction">powerOff, guestShutdown, suspend or none.</param>
public sealed record VAppEntry(MoRef Part, int? StartOrder, int StartDelaySeconds, bool WaitsForGuest, string StartAction, string StopAction, int StopDelaySeconds);
