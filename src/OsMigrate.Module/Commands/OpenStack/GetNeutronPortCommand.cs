using System.Management.Automation;
using OsMigrate.Module.Parameters;
using OsMigrate.Module.Pipeline;
using OsMigrate.OpenStack.Compute;
using OsMigrate.OpenStack.Networks;

namespace OsMigrate.Module.Commands.OpenStack;

/// <summary>Lists ports: the places of network adapters.</summary>
[Cmdlet(VerbsCommon.Get, "NeutronPort")]
[OutputType(typeof(Port))]
public sealed class GetNeutronPortCommand : OpenStackCmdlet
{
    [Parameter(Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [Alias("Id", "Name")]
    [NameOrId]
    [SupportsWildcards]
    [ArgumentCompleter(typeof(PortCompleter))]
    public string[] Port { get; set; } = [];

    [Parameter]
    [NameOrId]
    [ArgumentCompleter(typeof(NetworkCompleter))]
    public string? Network { get; set; }

    [Parameter]
    [NameOrId]
    [ArgumentCompleter(typeof(ServerCompleter))]
    public string? Instance { get; set; }

    protected override void TakeRecord() => RunForEach(Port, (session, name) =>
    {
        var networks = new NetworksClient(session);
        var network = Network is null ? null : networks.Find(Network, Cancel).Id;
        var device = Instance is null ? null : new ServersClient(session).Find(Instance, Cancel).Id;
        var ports = Choose(name, n => networks.FindPort(n, Cancel), () => networks.Ports(Cancel, networkId: network, deviceId: device), p => p.Name);
        foreach (var port in ports.Where(p => (network is null || p.NetworkId == network) && (device is null || p.DeviceId == device)))
            Emit(session, port);
    });
}
