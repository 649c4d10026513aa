namespace OsMigrate.Migrations.Assessment;

/// <summary>What an assessment is made with.</summary>
public sealed record AssessmentOptions
{
    /// <summary>Null leaves out what only a cloud can answer.</summary>
    public CloudOffer? Cloud { get; init; }

    public MigrationRates Rates { get; init; } = new();

    public WaveLimits Waves { get; init; } = new();

    /// <summary>The user's own groups of machines that move together, by name of the machine.</summary>
    public IReadOnlyDictionary<string, string> Groups { get; init; } = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);

    /// <summary>What growth is counted from; null for none.</summary>
    public EarlierReport? Baseline { get; init; }

    /// <summary>UTC; ages are counted from here.</summary>
    public DateTime Now { get; init; } = DateTime.UtcNow;
}
