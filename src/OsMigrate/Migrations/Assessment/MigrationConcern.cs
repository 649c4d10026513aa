namespace OsMigrate.Migrations.Assessment;

/// <summary>How much a concern weighs.</summary>
/// <remarks>The words of Forklift's validation service, so that its users can compare.</remarks>
public enum ConcernCategory
{
    /// <summary>Good to know; nothing has to be done.</summary>
    Information,

    /// <summary>Better done, but the move goes without.</summary>
    Advisory,

    /// <summary>The machine can be moved, but something is lost or has to be done.</summary>
    Warning,

    /// <summary>The machine cannot be moved as it is.</summary>
    Critical,
}

/// <summary>May the machine be moved?</summary>
public enum MigrationVerdict
{
    Migratable,
    MigratableWithWarnings,
    NotMigratable,

    /// <summary>The source should have told what decides about it, and did not.</summary>
    Unknown,
}

/// <summary>Something about a machine that matters for its move.</summary>
/// <param name="Id">Stable, for scripts: "vmware.disk_mode.independent". Ids that begin with vmware. mean what Forklift means by them.</param>
/// <param name="Label">A few words.</param>
/// <param name="Evidence">What was found, such as which disk; never empty.</param>
/// <param name="Meaning">What it means for the move.</param>
/// <param name="Cure">What to do about it.</param>
public sealed record MigrationConcern(string Id, ConcernCategory Category, string Label, string Evidence, string Meaning, string Cure)
{
    public override string ToString() => $"{Category}: {Label} ({Evidence})";
}
