using OsMigrate.OpenStack.Configuration.Files;
using OsMigrate.OpenStack.Configuration.Options;
using OsMigrate.OpenStack.Configuration.Values;

namespace OsMigrate.OpenStack.Configuration.Checks;

/// <summary>Gathers findings; the same one of several programs' views of a file is kept once.</summary>
internal sealed class Findings
{
    private readonly List<ConfigFinding> _all = [];
    private readonly HashSet<(string, string, int, string, string, string)> _known = [];

    public IReadOnlyList<ConfigFinding> All => _all;

    /// <summary>About a value in a file.</summary>
    /// <param name="definition">Tells whether the value is secret.</param>
    public void Add(string id, ConfigSeverity severity, ConfigHit hit, OptionDefinition? definition, string message, string cure)
        => Add(new ConfigFinding(
            "Config." + id, severity, hit.File.Node, hit.File.Service, hit.File.Path, hit.Item.Line, hit.Item.Section, hit.Item.Name,
            message, $"{hit.Item.Name} = {Shown(SecretValues.Mask(hit.Item.Name, hit.Item.Value, definition))}", cure));

    /// <summary>About a value in a program's files.</summary>
    public void Add(string id, ConfigSeverity severity, EffectiveConfig config, ConfigHit hit, string message, string cure)
        => Add(id, severity, hit, config.Lookup.Find(hit.Item.Group, hit.Item.Name), message, cure);

    /// <summary>About something that a program's files lack.</summary>
    public void AddMissing(string id, ConfigSeverity severity, EffectiveConfig config, string section, string option, string message, string cure)
        => Add(new ConfigFinding(
            "Config." + id, severity, config.Set.Node, config.Set.Service, config.Set.Main.Path, SectionLine(config, section), section, option, message, "(not set)", cure));

    /// <summary>About a place in a file.</summary>
    public void Add(string id, ConfigSeverity severity, ConfigFile file, int line, string section, string message, string evidence, string cure)
        => Add(new ConfigFinding("Config." + id, severity, file.Node, file.Service, file.Path, line, section, "", message, evidence, cure));

    public void Add(ConfigFinding finding)
    {
        if (_known.Add((finding.Id, finding.Path, finding.Line, finding.Section, finding.Option, finding.Message)))
            _all.Add(finding);
    }

    private static string Shown(string value)
    {
        var line = value.Replace('\n', ' ');
        return line.Length <= 200 ? line : line.Substring(0, 200) + "...";
    }

    private static int SectionLine(EffectiveConfig config, string section)
        => config.Set.Main.Document.Sections.FirstOrDefault(s => s.Name == section)?.Line ?? 0;
}
