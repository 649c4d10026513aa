using System.Management.Automation;
using OsMigrate.Migrations.Features;
using OsMigrate.Module.Pipeline;

namespace OsMigrate.Module.Commands.Features;

/// <summary>Makes waves of restart priorities, start orders of vApps and dependencies.</summary>
[Cmdlet(VerbsData.ConvertTo, "MigrationOrder")]
[OutputType(typeof(MigrationOrder))]
public sealed class ConvertToMigrationOrderCommand : PlacementCmdlet
{
    protected override void Convert(IReadOnlyList<PlacementFacts> facts)
    {
        foreach (var entry in MigrationOrderPlanner.Plan(facts))
            Emit(entry);
    }
}
