namespace OsMigrate.OpenStack.Configuration.Checks;

/// <summary>How bad a finding is.</summary>
public enum ConfigSeverity
{
    /// <summary>Worth knowing; the service works.</summary>
    Notice,

    /// <summary>Works now, or for some; will bite.</summary>
    Warning,

    /// <summary>The service does not start, does not work, or gives something away.</summary>
    Error,
}

/// <summary>Something found in configuration files. No field holds a secret.</summary>
/// <param name="Id">Stable, for example Config.Database.Scheme.</param>
/// <param name="Node">The machine whose file it is; empty for what is between machines.</param>
/// <param name="Service">Null for a file whose service is not known.</param>
/// <param name="Line">From 1; 0 where there is no single line.</param>
/// <param name="Evidence">What the file says, with secrets as stars.</param>
/// <param name="Cure">What to do.</param>
public sealed record ConfigFinding(
    string Id, ConfigSeverity Severity, string Node, ServiceName? Service, string Path, int Line, string Section, string Option, string Message, string Evidence, string Cure)
{
    /// <summary>Path and line as editors take them.</summary>
    public string Place => Line > 0 ? FormattableString.Invariant($"{Path}:{Line}") : Path;
}
