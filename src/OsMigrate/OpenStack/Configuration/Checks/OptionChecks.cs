using OsMigrate.OpenStack.Configuration.Files;
using OsMigrate.OpenStack.Configuration.History;
using OsMigrate.OpenStack.Configuration.Options;
using OsMigrate.OpenStack.Configuration.Text;
using OsMigrate.OpenStack.Configuration.Values;
using static OsMigrate.OpenStack.Configuration.Checks.ConfigSeverity;

namespace OsMigrate.OpenStack.Configuration.Checks;

/// <summary>Every option of a program's files against the table of its release: unknown, moved, renamed, removed, of the wrong type.</summary>
internal static class OptionChecks
{
    public static void Run(EffectiveConfig config, Findings findings)
    {
        foreach (var section in config.Set.Files.SelectMany(f => f.Document.Sections.Select(s => (File: f, Section: s))).Where(s => IsUnknown(config, s.Section.Group)))
            UnknownSection(config, section.File, section.Section, findings);
        foreach (var hit in config.Hits.Where(h => h.Item.Section.Length > 0))
            Option(config, hit, findings);
        foreach (var file in config.Set.Files)
            Twice(config, file, findings);
    }

    private static void Option(EffectiveConfig config, ConfigHit hit, Findings findings)
    {
        var (group, name) = (hit.Item.Group, hit.Item.Name);
        // What became of an option long ago says more than that it is unknown; and a driver of 2012 is a valid text for a table.
        if (OptionHistory.Find(config.Set.Service, config.Lookup, hit.Item, config.Filled(hit.Item)) is { } past)
            findings.Add(past.FindingId, past.Severity, config, hit, past.Message, past.Cure);
        else if (config.Lookup.Find(group, name) is { } known)
            Known(config, hit, known, findings);
        else if (config.Lookup.FindByOldName(group, name) is { } renamed)
            Renamed(config, hit, renamed, findings);
        else if (config.Lookup.Judges(group))
            Unknown(config, hit, findings);
    }

    private static void Known(EffectiveConfig config, ConfigHit hit, OptionDefinition option, Findings findings)
    {
        if (config.FaultOf(hit.Item) is { } fault)
            Reference(hit, option, fault, findings);
        else if (option.Type.Fault(config.Filled(hit.Item)) is { } wrong)
            findings.Add(option.Type.Choices.Count > 0 ? "Option.Choice" : "Option.Type", Error, hit, option, $"The value {wrong}.", Allowed(option));
        if (option.IsDeprecated && option.Group != OptionTable.AuthGroup)
            findings.Add("Option.Deprecated", Notice, hit, option, "The option is deprecated and will be removed" + (option.DeprecatedSince.Length > 0 ? $" (since {option.DeprecatedSince})." : "."), option.DeprecatedReason.Length > 0 ? option.DeprecatedReason : "Do without it before the next upgrade.");
    }

    private static string Allowed(OptionDefinition option)
        => option.Type.Choices.Count > 0 ? "One of: " + string.Join(", ", option.Type.Choices.Where(c => c.Length > 0)) + "." : $"A value of the type {option.Type.Name.TrimEnd('!')}" + (option.Default.Length > 0 ? $"; the default is {SecretValues.Mask(option.Name, option.Default, option)}." : ".");

    private static void Reference(ConfigHit hit, OptionDefinition option, InterpolationFault fault, Findings findings)
    {
        var isSecret = SecretValues.IsSecret(hit.Item.Name, option) || SecretValues.MaskAddresses(hit.Item.Value) != hit.Item.Value;
        var message = fault.Kind switch
        {
            "Loop" => "The value refers to itself.",
            "TooLong" => "The value becomes too long when its references are filled in.",
            _ => isSecret ? "A dollar sign begins a reference to another option, and there is none of this name." : $"There is no option '{fault.Name}' to fill in.",
        };
        findings.Add("Interpolation." + fault.Kind, Error, hit, option, message, fault.Kind == "Unknown" ? "Write $$ for a dollar sign, or correct the name." : "Write the value out.");
    }

    private static void Renamed(EffectiveConfig config, ConfigHit hit, OptionDefinition option, Findings findings)
    {
        var target = option.Group == hit.Item.Group || config.Lookup.IsOwn(hit.Item.Group) || option.Group == OptionTable.AuthGroup ? option.Name : option.FullName.ToString();
        findings.Add("Option.Renamed", Warning, hit, option, $"The option has a new name: {target}. The old one is still read.", $"Rename it to {target}.");
        if (option.Type.Fault(config.Filled(hit.Item)) is { } wrong)
            findings.Add(option.Type.Choices.Count > 0 ? "Option.Choice" : "Option.Type", Error, hit, option, $"The value {wrong}.", Allowed(option));
    }

    private static void Unknown(EffectiveConfig config, ConfigHit hit, Findings findings)
    {
        var (group, name) = (hit.Item.Group, hit.Item.Name);
        var elsewhere = config.Lookup.Table.All.Where(o => o.Name == name && o.Group != OptionTable.AuthGroup).Select(o => o.Group).ToList();
        if (elsewhere.Count > 0)
        {
            var place = string.Join(" or ", elsewhere.Take(4).Select(g => $"[{g}]"));
            findings.Add("Option.WrongSection", Warning, hit, null, $"Section [{group}] has no option {name}; {place} has. It is not read here.", $"Move it to {place}.");
            return;
        }

        var near = NearestNames.Of(name, config.Lookup.Candidates(group).Select(o => o.Name).Distinct());
        var release = config.Lookup.Table.Release;
        findings.Add("Option.Unknown", Warning, hit, null, $"Section [{group}] has no option {name} in {release}. It is not read.", near is null ? "Remove it, or check its spelling." : $"Did you mean {near}?");
    }

    private static bool IsUnknown(EffectiveConfig config, string group)
        => group != GroupNames.Default && PythonText.Trim(group) == group && !string.Equals(group, GroupNames.Default, StringComparison.OrdinalIgnoreCase)
           && !config.Lookup.Judges(group) && !DynamicSections.IsOne(config, group);

    private static void UnknownSection(EffectiveConfig config, ConfigFile file, ConfigSection section, Findings findings)
    {
        if (OptionHistory.SectionOf(config.Set.Service, section.Group) is { } past)
        {
            findings.Add("Section.Removed", Warning, file, section.Line, section.Name, past.Message, $"[{section.Name}]", past.Cure);
            return;
        }

        var near = NearestNames.Of(section.Group, config.Lookup.Table.Groups.Where(g => g != OptionTable.AuthGroup));
        findings.Add("Section.Unknown", Warning, file, section.Line, section.Name, $"{config.Set.Service} knows no section [{section.Name}] in {config.Lookup.Table.Release}. Nothing in it is read.", $"[{section.Name}]", near is null ? "Remove it, or check its spelling." : $"Did you mean [{near}]?");
    }

    private static void Twice(EffectiveConfig config, ConfigFile file, Findings findings)
    {
        foreach (var group in file.Document.Items.Where(i => i.Section.Length > 0).GroupBy(i => (i.Group, i.Name)).Where(g => g.Count() > 1))
        {
            var option = config.Lookup.Find(group.Key.Group, group.Key.Name);
            if (option is null || option.IsMulti || group.Select(i => i.Value).Distinct(StringComparer.Ordinal).Count() == 1)
                continue;
            var last = group.Last();
            foreach (var item in group.Where(i => i != last))
                findings.Add("Option.Duplicate", Warning, new ConfigHit(file, item), option, FormattableString.Invariant($"The option is set again in line {last.Line} with another value, which wins."), "Keep one of them.");
        }
    }
}
