namespace OsMigrate.Migrations.Features;

/// <summary>A feature of vSphere, what does its work in OpenStack, and whether a cloud has that.</summary>
public sealed record FeatureMapping
{
    /// <summary>Short name, the same in every release: "vMotion", "DRSRule".</summary>
    public required string Feature { get; init; }

    /// <summary>Mobility, Placement, Availability, Resources, Network, Storage, Security or Management.</summary>
    public required string Category { get; init; }

    public FeatureStatus Status { get; init; }

    /// <summary>What does its work in OpenStack.</summary>
    public required string Counterpart { get; init; }

    /// <summary>What the status goes by: answers of the cloud, and who refused which question.</summary>
    public IReadOnlyList<string> Evidence { get; init; } = [];

    /// <summary>What the counterpart does not do.</summary>
    public required string Lost { get; init; }

    /// <summary>What to do.</summary>
    public required string Advice { get; init; }

    /// <summary>Machines and clusters of those given that use it; empty where none were given, or where it cannot be seen.</summary>
    public IReadOnlyList<string> UsedBy { get; init; } = [];

    /// <summary>The cloud that was asked; null when none was.</summary>
    public string? Cloud { get; init; }
}
