using OsMigrate.VSphere.Inventory;

namespace OsMigrate.Migrations.Features;

/// <summary>What became of a rule.</summary>
public enum ConversionOutcome
{
    /// <summary>Decided, not yet made.</summary>
    Planned,

    Made,

    /// <summary>It was there already.</summary>
    Found,

    /// <summary>Nothing stands for it in the cloud; what is lost says why.</summary>
    Skipped,
}

/// <summary>A rule between machines, and the server group that stands for it.</summary>
public sealed record ServerGroupConversion(string Server, string Cluster, string Rule, ClusterRuleKind Kind) : IPlacementPart
{
    public ConversionOutcome Outcome { get; init; }

    /// <summary>Name of the group; null when there is none.</summary>
    public string? ServerGroup { get; init; }

    /// <summary>affinity, anti-affinity, soft-affinity or soft-anti-affinity.</summary>
    public string? Policy { get; init; }

    public string? ServerGroupId { get; init; }

    public string? Cloud { get; init; }

    /// <summary>Names of the machines whose servers are to join it.</summary>
    public IReadOnlyList<string> Machines { get; init; } = [];

    public IReadOnlyList<string> MachineIds { get; init; } = [];

    /// <summary>What of the rule is not carried over.</summary>
    public IReadOnlyList<string> Lost { get; init; } = [];

    string? IPlacementPart.CloudOfPlacements() => Cloud;

    IEnumerable<MachinePlacement> IPlacementPart.Placements()
        => ServerGroupId is null ? [] : MachineIds.Zip(Machines, (id, name) => new MachinePlacement(Server, id, name) { ServerGroupId = ServerGroupId });

    internal ServerGroupConversion Skip(string why) => this with { Outcome = ConversionOutcome.Skipped, ServerGroup = null, Policy = null, Lost = [.. Lost, why] };
}
