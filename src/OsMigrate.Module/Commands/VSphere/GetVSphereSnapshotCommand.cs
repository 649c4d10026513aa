using System.Management.Automation;
using OsMigrate.Module.Parameters;
using OsMigrate.Module.Pipeline;
using OsMigrate.Module.VSphere;
using OsMigrate.VSphere.Inventory;

namespace OsMigrate.Module.Commands.VSphere;

/// <summary>Lists snapshots of machines.</summary>
[Cmdlet(VerbsCommon.Get, "VSphereSnapshot")]
[OutputType(typeof(VSphereSnapshot))]
public sealed class GetVSphereSnapshotCommand : VSphereCmdlet
{
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [Alias("Id")]
    [SupportsWildcards]
    [ArgumentCompleter(typeof(VSphereMachineCompleter))]
    [NameOrId]
    public string[] VM { get; set; } = [];

    [Parameter(Position = 1)]
    [SupportsWildcards]
    public string Name { get; set; } = "*";

    protected override void TakeRecord()
    {
        foreach (var machine in VM)
        {
            RunOn(machine, session =>
            {
                var wildcard = WildcardPattern.Get(Name, WildcardOptions.IgnoreCase);
                foreach (var snapshot in MachineChoice.Find(session, machine, Cancel).SelectMany(static m => m.Snapshots).Where(s => wildcard.IsMatch(s.Name)))
                    Emit(snapshot);
            });
        }
    }
}
