namespace OsMigrate.Migrations.Features;

/// <summary>The metadata of Nova that stands for a machine's tags, attributes, place and protection.</summary>
public sealed record MetadataConversion(string Server, string MachineId, string Machine) : IPlacementPart
{
    public IReadOnlyDictionary<string, string> Metadata { get; init; } = new Dictionary<string, string>(StringComparer.Ordinal);

    public int Count => Metadata.Count;

    /// <summary>Image properties that go with it: the watchdog, where it was asked for.</summary>
    public IReadOnlyDictionary<string, string> ImageProperties { get; init; } = new Dictionary<string, string>(StringComparer.Ordinal);

    /// <summary>What was cut, renamed or left out.</summary>
    public IReadOnlyList<string> Lost { get; init; } = [];

    string? IPlacementPart.CloudOfPlacements() => null;

    IEnumerable<MachinePlacement> IPlacementPart.Placements() => [new MachinePlacement(Server, MachineId, Machine) { Metadata = Metadata, Properties = ImageProperties }];
}
