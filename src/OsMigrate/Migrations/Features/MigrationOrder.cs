namespace OsMigrate.Migrations.Features;

/// <summary>When a machine is moved and started: its wave, and why.</summary>
public sealed record MigrationOrder(string Server, string MachineId, string Machine) : IPlacementPart
{
    public string Cluster { get; init; } = "";

    /// <summary>From 1; machines of one wave do not wait for each other.</summary>
    public int Wave { get; init; }

    /// <summary>Wait after it was started, before the next wave is.</summary>
    public int DelaySeconds { get; init; }

    /// <summary>Priority of HA.</summary>
    public string RestartPriority { get; init; } = "";

    public string? VApp { get; init; }

    /// <summary>Names of the machines that must run first.</summary>
    public IReadOnlyList<string> After { get; init; } = [];

    public IReadOnlyList<string> Lost { get; init; } = [];

    string? IPlacementPart.CloudOfPlacements() => null;

    IEnumerable<MachinePlacement> IPlacementPart.Placements() => [new MachinePlacement(Server, MachineId, Machine) { Wave = Wave }];
}
