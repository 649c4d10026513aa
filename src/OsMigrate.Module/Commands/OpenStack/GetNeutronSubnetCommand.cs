using System.Management.Automation;
using OsMigrate.Module.Parameters;
using OsMigrate.Module.Pipeline;
using OsMigrate.OpenStack.Networks;

namespace OsMigrate.Module.Commands.OpenStack;

/// <summary>Lists subnets: the ranges of addresses of networks.</summary>
[Cmdlet(VerbsCommon.Get, "NeutronSubnet")]
[OutputType(typeof(Subnet))]
public sealed class GetNeutronSubnetCommand : OpenStackCmdlet
{
    [Parameter(Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [Alias("Id", "Name")]
    [NameOrId]
    [SupportsWildcards]
    [ArgumentCompleter(typeof(SubnetCompleter))]
    public string[] Subnet { get; set; } = [];

    [Parameter]
    [NameOrId]
    [ArgumentCompleter(typeof(NetworkCompleter))]
    public string? Network { get; set; }

    protected override void TakeRecord() => RunForEach(Subnet, (session, name) =>
    {
        var networks = new NetworksClient(session);
        var network = Network is null ? null : networks.Find(Network, Cancel).Id;
        foreach (var subnet in Choose(name, n => networks.FindSubnet(n, Cancel), () => networks.Subnets(Cancel, network), s => s.Name).Where(s => network is null || s.NetworkId == network))
            Emit(session, subnet);
    });
}
