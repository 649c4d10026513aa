namespace OsMigrate.OpenStack.Configuration.Options;

/// <summary>An option as the packages of a release define it.</summary>
/// <param name="Group">Section in its normal form (lower case, or DEFAULT).</param>
/// <param name="Type">string, integer, list:string and so on; see <see cref="OptionType"/>.</param>
/// <param name="Default">As a sample file would show it; empty where there is none.</param>
/// <param name="OldNames">Names it had before and is still read by.</param>
/// <param name="DeprecatedSince">Release; empty where not deprecated for removal, or not told.</param>
/// <param name="DeprecatedReason">The packages' own words.</param>
public sealed record OptionDefinition(
    string Group,
    string Name,
    OptionType Type,
    string Default,
    bool IsMulti,
    bool IsSecret,
    bool IsDeprecated,
    bool IsRequired,
    bool IsMutable,
    IReadOnlyList<OptionName> OldNames,
    string DeprecatedSince,
    string DeprecatedReason)
{
    public OptionName FullName => new(Group, Name);
}

/// <summary>Section and name of an option.</summary>
public readonly record struct OptionName(string Group, string Name)
{
    public override string ToString() => $"[{Group}] {Name}";
}
