using OsMigrate.OpenStack.Configuration.Files;
using OsMigrate.OpenStack.Configuration.Options;
using OsMigrate.OpenStack.Configuration.Text;
using OsMigrate.OpenStack.Configuration.Values;
using static OsMigrate.OpenStack.Configuration.Checks.ConfigSeverity;

namespace OsMigrate.OpenStack.Configuration.Checks;

/// <summary>What can be told from one file as it is written.</summary>
internal static class SyntaxChecks
{
    public static void Run(ConfigFile file, OptionLookup? lookup, Findings findings)
    {
        foreach (var fault in file.Document.Faults)
            findings.Add("Syntax." + fault.Kind, Error, file, fault.Line, "", Sentence(fault.Reason) + " oslo.config refuses the whole file.", "", "Correct or remove the line.");
        foreach (var section in file.Document.Sections)
            Heading(file, section, findings);
        foreach (var item in file.Document.Items)
            Item(file, item, lookup?.Find(item.Group, item.Name), findings);
        Rights(file, lookup, findings);
    }

    private static void Heading(ConfigFile file, ConfigSection section, Findings findings)
    {
        if (section.Name != GroupNames.Default && string.Equals(PythonText.Trim(section.Name), GroupNames.Default, StringComparison.OrdinalIgnoreCase))
            findings.Add("Section.DefaultCase", Error, file, section.Line, section.Name, "Only [DEFAULT] in capitals is the default section; nothing below this heading is read.", $"[{section.Name}]", "Write [DEFAULT].");
        else if (PythonText.Trim(section.Name) != section.Name)
            findings.Add("Section.Spaces", Error, file, section.Line, section.Name, "Spaces inside the brackets belong to the section's name; no service reads a section of this name.", $"[{section.Name}]", $"Write [{PythonText.Trim(section.Name)}].");
    }

    private static void Item(ConfigFile file, ConfigItem item, OptionDefinition? definition, Findings findings)
    {
        var hit = new ConfigHit(file, item);
        if (item.Value.Split('\n').Skip(1).Any(l => l.Length > 0 && l[0] is '#' or ';'))
            findings.Add("Syntax.IndentedComment", Warning, hit, definition, "A comment below this value begins with space, so it is a part of the value.", "Begin the comment at the margin, or remove it.");
        var isSecret = SecretValues.IsSecret(item.Name, definition);
        var hash = item.Value.IndexOf(" #", StringComparison.Ordinal);
        if (!isSecret && hash >= 0 && item.Value.IndexOf("://", StringComparison.Ordinal) < hash && item.Value.IndexOfAny(['%', '\n']) < 0)
            findings.Add("Syntax.TrailingComment", Warning, hit, definition, "There are no comments behind values: all of it is the value.", "Put the comment on a line of its own.");
        if (item.Value.Length > 1 && item.Value[0] is '"' or '\'' && item.Value.IndexOf('\n') < 0 && item.Value.IndexOf(item.Value[0], 1) < 0)
            findings.Add("Syntax.Quote", Warning, hit, definition, "The value begins with a quotation mark that is not closed; the mark is a part of the value.", "Close the quotation, or remove the mark.");
        if (Placeholders.IsOne(item.Value))
            findings.Add("Value.Placeholder", Warning, hit, definition, "The value is that of a template or an installation guide.", "Put the real value here.");
    }

    private static void Rights(ConfigFile file, OptionLookup? lookup, Findings findings)
    {
        if (file.Mode is not { } mode)
            return;
        var octal = "mode " + Convert.ToString(mode, 8);
        if ((mode & 0b000_000_010) != 0)
            findings.Add("File.WorldWritable", Error, file, 0, "", "Every user of the machine may change the file.", octal, "chmod o-w, and look at what is in it.");
        if ((mode & 0b000_000_100) != 0 && file.Document.Items.Any(i => HoldsSecret(i, lookup?.Find(i.Group, i.Name))))
            findings.Add("File.WorldReadable", Warning, file, 0, "", "The file holds secrets, and every user of the machine may read it.", octal, "chmod 640, owner root, group of the service.");
    }

    private static bool HoldsSecret(ConfigItem item, OptionDefinition? definition)
        => item.Value.Length > 0 && SecretValues.Mask(item.Name, item.Value, definition) != item.Value;

    private static string Sentence(string reason) => char.ToUpperInvariant(reason[0]) + reason.Substring(1) + ".";
}
