namespace OsMigrate.Migrations.Features;

/// <summary>Whether a cloud can take over a feature of vSphere.</summary>
public enum FeatureStatus
{
    /// <summary>It was asked and does not say, or does not say it to this user. Never taken for a yes.</summary>
    Unknown,

    /// <summary>The cloud has the counterpart.</summary>
    Available,

    /// <summary>Some of it is there.</summary>
    Partial,

    Missing,

    /// <summary>The machines and clusters that were given do not use it.</summary>
    NotNeeded,
}

/// <summary>What a check found in a cloud, and what it goes by.</summary>
internal sealed record Finding(FeatureStatus Status, params string[] Evidence)
{
    public static Finding Unknown(params string[] evidence) => new(FeatureStatus.Unknown, evidence);

    public static Finding Available(params string[] evidence) => new(FeatureStatus.Available, evidence);

    public static Finding Partial(params string[] evidence) => new(FeatureStatus.Partial, evidence);

    public static Finding Missing(params string[] evidence) => new(FeatureStatus.Missing, evidence);

    public Finding And(string evidence) => this with { Evidence = [.. Evidence, evidence] };
}
