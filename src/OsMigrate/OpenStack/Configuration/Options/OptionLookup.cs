using OsMigrate.OpenStack.Configuration.Text;

namespace OsMigrate.OpenStack.Configuration.Options;

/// <summary>Finds the definition of an option in a file, also where the section's name is the user's own (backends, stores) or a plugin reads it.</summary>
internal sealed class OptionLookup(OptionTable table, IReadOnlyCollection<string> ownSections)
{
    private const string CinderBackends = "backend_defaults";
    private const string GlanceStores = "glance_store";

    public OptionTable Table => table;

    /// <summary>True for a section whose options are known, so that one that is not can be told.</summary>
    public bool Judges(string group) => table.HasGroup(group) || IsOwn(group);

    /// <summary>A section that is named by the user in an option such as enabled_backends.</summary>
    public bool IsOwn(string group) => ownSections.Contains(group);

    public OptionDefinition? Find(string group, string name)
    {
        if (table.Find(group, name) is { } option)
            return option;
        foreach (var other in Borrowed(group))
        {
            if (table.Find(other, name) is { } borrowed)
                return borrowed;
        }

        // A file may write the dashes of an old name as they are.
        return null;
    }

    public OptionDefinition? FindByOldName(string group, string name)
    {
        if (table.FindByOldName(group, name) is { } option)
            return option;
        return Borrowed(group).Select(other => table.FindByOldName(other, name)).FirstOrDefault(o => o is not null);
    }

    /// <summary>Names that could have been meant: in the section first, then elsewhere.</summary>
    public IEnumerable<OptionDefinition> Candidates(string group) => table.Of(group).Concat(Borrowed(group).SelectMany(table.Of));

    /// <summary>Sections whose options this one takes too.</summary>
    private IEnumerable<string> Borrowed(string group)
    {
        if (table.Service == ServiceName.Cinder && IsOwn(group))
            return [CinderBackends, GroupNames.Default];
        if (table.Service == ServiceName.Glance && (IsOwn(group) || group.StartsWith("os_glance_", StringComparison.Ordinal)))
            return [GlanceStores];
        return LogsIn(group) ? [OptionTable.AuthGroup] : [];
    }

    /// <summary>Sections with a login of their own: they take the options of any authentication plugin, and of its session and adapter.</summary>
    private bool LogsIn(string group) => table.Find(group, "auth_type") is not null || table.Find(group, "auth_section") is not null || table.Find(group, "auth_url") is not null;
}
