namespace OsMigrate.OpenStack.Configuration;

/// <summary>What counts for a setting.</summary>
public enum ConfigState
{
    /// <summary>Set, and read.</summary>
    Set,

    /// <summary>Set again further down or in a later file, which wins.</summary>
    Overridden,

    /// <summary>Set by a name that has changed; still read.</summary>
    Renamed,

    /// <summary>Set, read, and to be removed.</summary>
    Deprecated,

    /// <summary>Set, but the release knows no such option.</summary>
    Unknown,

    /// <summary>Set; options of this section are not in the table (a plugin's, or of an unknown service).</summary>
    Unjudged,

    /// <summary>Not set: the release's default.</summary>
    Default,
}

/// <summary>One setting of a configuration file, or of a program.</summary>
/// <param name="Program">The program that reads its own file beside the service's; empty for the service's files.</param>
/// <param name="Line">0 for a default.</param>
/// <param name="Value">With secrets as stars, unless asked for otherwise.</param>
/// <param name="Default">The release's default; empty where there is none.</param>
public sealed record ConfigSetting(
    string Node, ServiceName? Service, string Program, string Path, int Line, string Section, string Option, string Value, ConfigState State, bool IsSecret, string Type, string Default)
{
    public override string ToString() => $"[{Section}] {Option} = {Value}";
}
