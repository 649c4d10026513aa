using System.Management.Automation;
using OsMigrate.Module.Pipeline;
using OsMigrate.OpenStack.Configuration;
using OsMigrate.OpenStack.Configuration.Checks;

namespace OsMigrate.Module.Commands.Configuration;

/// <summary>Checks configuration files: each by itself, the files of a program together, and the machines of a cloud against each other.</summary>
[Cmdlet(VerbsDiagnostic.Test, "OpenStackConfig", DefaultParameterSetName = ByPath)]
[OutputType(typeof(ConfigFinding), typeof(bool))]
public sealed class TestOpenStackConfigCommand : ConfigCmdlet
{
    private readonly List<ConfigFiles> _places = [];

    [Parameter]
    public ConfigSeverity Severity { get; set; } = ConfigSeverity.Notice;

    [Parameter]
    [ValidateNotNullOrEmpty]
    [SupportsWildcards]
    public string[]? ExcludeId { get; set; }

    [Parameter]
    public SwitchParameter Online { get; set; }

    [Parameter]
    [ValidateRange(1, 300)]
    public int TimeoutSeconds { get; set; } = 10;

    [Parameter]
    public SwitchParameter Quiet { get; set; }

    private protected override void Work(ConfigFiles files) => _places.Add(files);

    protected override void TakeEnd()
    {
        if (_places.Count > 0)
            Run(null, Check);
    }

    private void Check()
    {
        var files = ConfigFiles.Together(_places);
        Tell($"{files.Count} files of {string.Join(", ", files.Nodes)}.");
        var findings = files.Test(Release, Cancel);
        if (Online)
            findings = [.. findings, .. files.TestOnline(Release, TimeSpan.FromSeconds(TimeoutSeconds), Trying, Cancel)];
        var left = findings.Where(f => f.Severity >= Severity && !IsExcluded(f.Id))
            .OrderBy(f => f.Node, StringComparer.Ordinal).ThenBy(f => f.Path, StringComparer.Ordinal).ThenBy(f => f.Line).ToList();
        if (Quiet)
            Emit(!left.Exists(f => f.Severity > ConfigSeverity.Notice));
        else
            left.ForEach(Emit);
    }

    private void Trying(string state)
    {
        ReportProgress("Test-OpenStackConfig", state);
        Tell(state);
    }

    private bool IsExcluded(string id) => ExcludeId?.Any(p => WildcardPattern.Get(p, WildcardOptions.IgnoreCase).IsMatch(id)) == true;
}
