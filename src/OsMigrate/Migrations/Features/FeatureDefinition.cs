namespace OsMigrate.Migrations.Features;

/// <summary>One feature of vSphere: its counterpart in words, how a cloud is asked for it, and who uses it.</summary>
internal sealed record FeatureDefinition(string Name, string Category)
{
    public required string Counterpart { get; init; }

    public required string Lost { get; init; }

    public required string Advice { get; init; }

    /// <summary>Asks the cloud; null where no cloud has it.</summary>
    public Func<CloudFacts, Finding>? Check { get; init; }

    /// <summary>Names of those that use it; null where vSphere's inventory does not show it.</summary>
    public Func<SourceUse, IEnumerable<string>>? UsedBy { get; init; }
}
