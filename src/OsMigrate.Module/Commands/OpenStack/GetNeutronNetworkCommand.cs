using System.Management.Automation;
using OsMigrate.Module.Parameters;
using OsMigrate.Module.Pipeline;
using OsMigrate.OpenStack.Networks;

namespace OsMigrate.Module.Commands.OpenStack;

/// <summary>Lists networks.</summary>
[Cmdlet(VerbsCommon.Get, "NeutronNetwork")]
[OutputType(typeof(Network))]
public sealed class GetNeutronNetworkCommand : OpenStackCmdlet
{
    [Parameter(Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [Alias("Id", "Name")]
    [NameOrId]
    [SupportsWildcards]
    [ArgumentCompleter(typeof(NetworkCompleter))]
    public string[] Network { get; set; } = [];

    protected override void TakeRecord() => RunForEach(Network, (session, name) =>
    {
        var networks = new NetworksClient(session);
        foreach (var network in Choose(name, n => networks.Find(n, Cancel), () => networks.List(Cancel), n => n.Name))
            Emit(session, network);
    });
}
