using System.Management.Automation;
using OsMigrate.Module.Parameters;
using OsMigrate.Module.Pipeline;
using OsMigrate.OpenStack.Compute;

namespace OsMigrate.Module.Commands.OpenStack;

/// <summary>Lists compute hosts; for administrators.</summary>
[Cmdlet(VerbsCommon.Get, "NovaHypervisor")]
[OutputType(typeof(Hypervisor))]
public sealed class GetNovaHypervisorCommand : OpenStackCmdlet
{
    [Parameter(Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [Alias("Id", "Name")]
    [NameOrId]
    [SupportsWildcards]
    [ArgumentCompleter(typeof(HostCompleter))]
    public string[] Hypervisor { get; set; } = [];

    protected override void TakeRecord() => RunForEach(Hypervisor, (session, name) =>
    {
        var site = new ComputeSite(session);
        foreach (var host in Choose(name, n => site.FindHypervisor(n, Cancel), () => site.Hypervisors(Cancel), h => h.Host))
            Emit(session, host);
    });
}
