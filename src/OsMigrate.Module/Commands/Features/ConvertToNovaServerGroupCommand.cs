using System.Management.Automation;
using OsMigrate.Migrations.Features;
using OsMigrate.Module.Pipeline;
using OsMigrate.OpenStack;

namespace OsMigrate.Module.Commands.Features;

/// <summary>Makes server groups of the rules that keep machines together or apart.</summary>
[Cmdlet(VerbsData.ConvertTo, "NovaServerGroup", SupportsShouldProcess = true)]
[OutputType(typeof(ServerGroupConversion))]
public sealed class ConvertToNovaServerGroupCommand : CloudPlacementCmdlet
{
    [Parameter]
    public SwitchParameter Strict { get; set; }

    [Parameter]
    public SwitchParameter IncludeDisabled { get; set; }

    protected override void Convert(CloudSession session, IReadOnlyList<PlacementFacts> facts)
    {
        var maker = new ServerGroupMaker(session, Cancel);
        foreach (var rule in maker.Check(new ServerGroupPlanner(Strict, IncludeDisabled).Plan(facts)))
        {
            ReportProgress("Converting rules", rule.Rule);
            if (rule.Outcome != ConversionOutcome.Planned)
                Emit(rule);
            else if (Confirm($"Make the server group '{rule.ServerGroup}' with the policy {rule.Policy} in '{session.Name}' for {string.Join(", ", rule.Machines)}.", $"Make the server group '{rule.ServerGroup}'?"))
                Emit(maker.Make(rule));
        }
    }
}
