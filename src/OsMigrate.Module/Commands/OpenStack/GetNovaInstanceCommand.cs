using System.Management.Automation;
using OsMigrate.Module.Parameters;
using OsMigrate.Module.Pipeline;
using OsMigrate.OpenStack.Compute;

namespace OsMigrate.Module.Commands.OpenStack;

/// <summary>Lists servers.</summary>
[Cmdlet(VerbsCommon.Get, "NovaInstance")]
[OutputType(typeof(Server))]
public sealed class GetNovaInstanceCommand : OpenStackCmdlet
{
    [Parameter(Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [Alias("Id", "Name")]
    [NameOrId]
    [SupportsWildcards]
    [ArgumentCompleter(typeof(ServerCompleter))]
    public string[] Instance { get; set; } = [];

    [Parameter]
    public SwitchParameter AllProjects { get; set; }

    protected override void TakeRecord() => RunForEach(Instance, (session, name) =>
    {
        var servers = new ServersClient(session);
        foreach (var server in Choose(name, n => servers.Find(n, Cancel, AllProjects), () => servers.List(Cancel, allProjects: AllProjects), s => s.Name))
            Emit(session, servers.WithFault(server, Cancel));
    });
}
