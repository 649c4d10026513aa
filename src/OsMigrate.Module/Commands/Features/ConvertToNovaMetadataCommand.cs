using System.Management.Automation;
using OsMigrate.Migrations.Features;
using OsMigrate.Module.Pipeline;

namespace OsMigrate.Module.Commands.Features;

/// <summary>Makes metadata of Nova from tags, attributes, folders and protection.</summary>
[Cmdlet(VerbsData.ConvertTo, "NovaMetadata")]
[OutputType(typeof(MetadataConversion))]
public sealed class ConvertToNovaMetadataCommand : PlacementCmdlet
{
    [Parameter]
    [AllowEmptyString]
    [ValidateLength(0, 100)]
    public string Prefix { get; set; } = "vsphere:";

    [Parameter]
    [ValidateRange(1, 10_000)]
    public int MaximumCount { get; set; } = MetadataPlanner.UsualMost;

    [Parameter]
    public SwitchParameter Watchdog { get; set; }

    protected override void Convert(IReadOnlyList<PlacementFacts> facts)
    {
        var planner = new MetadataPlanner(Prefix, MaximumCount, Watchdog);
        foreach (var machine in facts.SelectMany(static f => f.Machines))
            Emit(planner.Convert(machine));
    }
}
