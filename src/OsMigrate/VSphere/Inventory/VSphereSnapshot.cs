namespace OsMigrate.VSphere.Inventory;

/// <summary>A snapshot of a machine in vSphere.</summary>
public sealed record VSphereSnapshot
{
    public MoRef Reference { get; init; }

    /// <summary>The machine it is of.</summary>
    public MoRef Machine { get; init; }

    public string VMName { get; init; } = "";

    public string Name { get; init; } = "";

    public string Description { get; init; } = "";

    /// <summary>UTC.</summary>
    public DateTime? CreatedAt { get; init; }

    /// <summary>State of the machine in it: poweredOn means that it holds memory.</summary>
    public string PowerState { get; init; } = "";

    public bool IsQuiesced { get; init; }

    /// <summary>True for the one that the machine's present state comes from.</summary>
    public bool IsCurrent { get; init; }

    /// <summary>Name of the snapshot above it; null for a root.</summary>
    public string? Parent { get; init; }

    /// <summary>"snapshot-12": what tells it from others of the same name.</summary>
    public string Id => Reference.Value;
}
