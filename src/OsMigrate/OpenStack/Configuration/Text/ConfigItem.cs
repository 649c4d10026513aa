namespace OsMigrate.OpenStack.Configuration.Text;

/// <summary>One assignment in a configuration file.</summary>
/// <param name="Section">As written; empty before the first section, where oslo.config refuses assignments.</param>
/// <param name="Name">As written: oslo.config does not change its case.</param>
/// <param name="Value">Without surrounding space and one pair of quotes; continuation lines are joined by line feeds. Not interpolated, not masked.</param>
/// <param name="Line">First line, counted from 1.</param>
/// <param name="LastLine">Last line; another one where the value goes on over several.</param>
internal sealed record ConfigItem(string Section, string Name, string Value, int Line, int LastLine)
{
    /// <summary>How oslo.config compares section names: any case, but for DEFAULT.</summary>
    public string Group { get; } = GroupNames.Normal(Section);
}

/// <summary>A section heading.</summary>
/// <param name="Name">As written between the brackets, spaces and all.</param>
/// <param name="Line">Counted from 1.</param>
internal sealed record ConfigSection(string Name, int Line)
{
    public string Group { get; } = GroupNames.Normal(Name);
}

/// <summary>Something a file may not have: oslo.config would refuse the whole file.</summary>
/// <param name="Line">Counted from 1; 0 for the file as a whole.</param>
/// <param name="Kind">The last part of the finding's id.</param>
/// <param name="Reason">Without the line's text, which may be a secret.</param>
internal sealed record ConfigFault(int Line, string Kind, string Reason);

/// <summary>Names of sections. Source: oslo_config/cfg.py, _normalize_group_name.</summary>
internal static class GroupNames
{
    public const string Default = "DEFAULT";

    public static string Normal(string name) => name == Default ? name : name.ToLowerInvariant();
}
