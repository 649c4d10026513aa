using System.Collections;
using System.Management.Automation;
using OsMigrate.Migrations.Features;
using OsMigrate.Module.Parameters;
using OsMigrate.Module.Pipeline;
using OsMigrate.OpenStack;

namespace OsMigrate.Module.Commands.Features;

/// <summary>Finds the availability zones that stand for groups of hosts.</summary>
[Cmdlet(VerbsData.ConvertTo, "NovaAvailabilityZone")]
[OutputType(typeof(ZoneConversion))]
public sealed class ConvertToNovaAvailabilityZoneCommand : CloudPlacementCmdlet
{
    [Parameter]
    public Hashtable? HostGroupMap { get; set; }

    protected override void Convert(CloudSession session, IReadOnlyList<PlacementFacts> facts)
    {
        foreach (var rule in new ZonePlanner(session, Texts.Of(HostGroupMap), Cancel).Plan(facts))
            Emit(rule);
    }
}
