using System.Management.Automation;
using OsMigrate.Module.Parameters;
using OsMigrate.Module.Pipeline;
using OsMigrate.OpenStack.Compute;

namespace OsMigrate.Module.Commands.OpenStack;

/// <summary>Lists the parts of the cloud that servers can be placed in.</summary>
[Cmdlet(VerbsCommon.Get, "NovaAvailabilityZone")]
[OutputType(typeof(AvailabilityZone))]
public sealed class GetNovaAvailabilityZoneCommand : OpenStackCmdlet
{
    [Parameter(Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [Alias("Name")]
    [NameOrId]
    [SupportsWildcards]
    [ArgumentCompleter(typeof(ZoneCompleter))]
    public string[] AvailabilityZone { get; set; } = [];

    protected override void TakeRecord() => RunForEach(AvailabilityZone, (session, name) =>
    {
        var site = new ComputeSite(session);
        foreach (var zone in Choose(name, n => site.FindZone(n, Cancel), () => site.Zones(Cancel), z => z.Name))
            Emit(session, zone);
    });
}
