using System.Management.Automation;
using OsMigrate.Module.Parameters;
using OsMigrate.Module.Pipeline;
using OsMigrate.Module.VSphere;
using OsMigrate.VSphere.Inventory;

namespace OsMigrate.Module.Commands.VSphere;

/// <summary>Lists clusters with HA, DRS, rules, groups, overrides, resource pools and vApps.</summary>
[Cmdlet(VerbsCommon.Get, "VSphereCluster")]
[OutputType(typeof(VSphereCluster))]
public sealed class GetVSphereClusterCommand : AsyncCmdlet
{
    [Parameter(Position = 0, ValueFromPipeline = true)]
    [Alias("Cluster")]
    [SupportsWildcards]
    [ArgumentCompleter(typeof(VSphereClusterCompleter))]
    [ValidateNotNull]
    public PSObject[] Name { get; set; } = [];

    [Parameter(ValueFromPipelineByPropertyName = true)]
    [ArgumentCompleter(typeof(VSphereServerCompleter))]
    [ValidateNotNullOrEmpty]
    public string? Server { get; set; }

    // Each object of the pipeline may name a server of its own.
    protected override void TakeRecord()
    {
        var selection = new ClusterSelection(Server, SessionState);
        foreach (var item in Name)
            Attempt(item, () => { selection.Take(item); return true; }, false);
        if (Name.Length == 0)
            selection.TakeAll();
        if (selection.IsEmpty)
            return;
        Run(Name.Length == 1 ? Name[0] : null, () =>
        {
            foreach (var (cluster, _) in selection.Read(false, Tell, Cancel))
            {
                if (cluster is not null)
                    Emit(cluster);
            }
        });
    }
}
