using System.Management.Automation;
using OsMigrate.Migrations.Features;
using OsMigrate.Module.Parameters;
using OsMigrate.Module.VSphere;

namespace OsMigrate.Module.Pipeline;

/// <summary>A cmdlet that goes by the placement of machines in vSphere: clusters, rules or machines, of ours or of PowerCLI. They are gathered and read together.</summary>
public abstract class PlacementCmdlet : AsyncCmdlet
{
    private ClusterSelection? _selection;

    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true)]
    [Alias("Cluster", "VM", "Rule")]
    [ArgumentCompleter(typeof(VSphereClusterCompleter))]
    [ValidateNotNull]
    public PSObject[] InputObject { get; set; } = [];

    [Parameter]
    [ArgumentCompleter(typeof(VSphereServerCompleter))]
    [ValidateNotNullOrEmpty]
    public string? Server { get; set; }

    /// <summary>From the work: converts what was read.</summary>
    protected abstract void Convert(IReadOnlyList<PlacementFacts> facts);

    /// <summary>Pipeline thread: starts the work.</summary>
    protected virtual void Start(Action work) => Run(null, work);

    protected override void TakeRecord()
    {
        _selection ??= new ClusterSelection(Server, SessionState);
        foreach (var item in InputObject)
            Attempt(item, () => { _selection.Take(item); return true; }, false);
    }

    protected override void TakeEnd()
    {
        if (_selection is { IsEmpty: false } selection)
            Start(() => Convert(selection.Facts(Tell, Cancel)));
    }
}
