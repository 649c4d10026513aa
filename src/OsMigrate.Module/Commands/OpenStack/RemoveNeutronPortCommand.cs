using System.Management.Automation;
using OsMigrate.Module.Parameters;
using OsMigrate.Module.Pipeline;
using OsMigrate.OpenStack.Networks;

namespace OsMigrate.Module.Commands.OpenStack;

/// <summary>Deletes ports.</summary>
[Cmdlet(VerbsCommon.Remove, "NeutronPort", SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.High)]
[OutputType(typeof(void))]
public sealed class RemoveNeutronPortCommand : OpenStackCmdlet
{
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [Alias("Id", "Name")]
    [NameOrId]
    [ArgumentCompleter(typeof(PortCompleter))]
    public string[] Port { get; set; } = [];

    protected override void TakeRecord() => RunForEach(Port, (session, name) =>
    {
        var networks = new NetworksClient(session);
        var port = networks.FindPort(name!, Cancel);
        var use = port.DeviceId is null ? "" : $", used by {port.DeviceId}";
        if (Confirm($"Delete the port '{port.Name}' ({port.Id}, {port.MacAddress}{use}) in '{session.Name}'.", $"Delete the port '{port.Name}'{use}?"))
            networks.DeletePort(port.Id, Cancel);
    });
}
