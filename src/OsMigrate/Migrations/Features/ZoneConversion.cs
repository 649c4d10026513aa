namespace OsMigrate.Migrations.Features;

/// <summary>A rule between machines and hosts, and the availability zone that stands for the hosts.</summary>
public sealed record ZoneConversion(string Server, string Cluster, string Rule, string? HostGroup) : IPlacementPart
{
    public ConversionOutcome Outcome { get; init; }

    /// <summary>Null when no zone stands for the hosts.</summary>
    public string? AvailabilityZone { get; init; }

    public string? Cloud { get; init; }

    public IReadOnlyList<string> HostNames { get; init; } = [];

    public IReadOnlyList<string> Machines { get; init; } = [];

    public IReadOnlyList<string> MachineIds { get; init; } = [];

    public IReadOnlyList<string> Lost { get; init; } = [];

    /// <summary>What an administrator can do, where something is missing.</summary>
    public string? Advice { get; init; }

    string? IPlacementPart.CloudOfPlacements() => Cloud;

    IEnumerable<MachinePlacement> IPlacementPart.Placements()
        => AvailabilityZone is null ? [] : MachineIds.Zip(Machines, (id, name) => new MachinePlacement(Server, id, name) { AvailabilityZone = AvailabilityZone });
}
