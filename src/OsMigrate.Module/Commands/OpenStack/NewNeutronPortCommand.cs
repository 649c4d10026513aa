using System.Management.Automation;
using OsMigrate.Module.Parameters;
using OsMigrate.Module.Pipeline;
using OsMigrate.OpenStack.Networks;

namespace OsMigrate.Module.Commands.OpenStack;

/// <summary>Makes ports, with a MAC and IP address of choice.</summary>
[Cmdlet(VerbsCommon.New, "NeutronPort", SupportsShouldProcess = true)]
[OutputType(typeof(Port))]
public sealed class NewNeutronPortCommand : OpenStackCmdlet
{
    [Parameter(Mandatory = true, Position = 0)]
    [ValidateNotNullOrEmpty]
    public string Name { get; set; } = "";

    [Parameter(Mandatory = true, Position = 1, ValueFromPipeline = true)]
    [NameOrId]
    [ArgumentCompleter(typeof(NetworkCompleter))]
    public string Network { get; set; } = "";

    [Parameter]
    [ValidatePattern("^[0-9A-Fa-f]{2}([:-][0-9A-Fa-f]{2}){5}$")]
    public string? MacAddress { get; set; }

    [Parameter]
    public System.Net.IPAddress[] IPAddress { get; set; } = [];

    [Parameter]
    [NameOrId]
    [ArgumentCompleter(typeof(SecurityGroupCompleter))]
    public string[]? SecurityGroup { get; set; }

    [Parameter]
    public SwitchParameter NoSecurityGroup { get; set; }

    [Parameter]
    public string? Description { get; set; }

    [Parameter]
    public string[] Tag { get; set; } = [];

    protected override void TakeRecord() => RunIn(Name, session =>
    {
        var networks = new NetworksClient(session);
        var network = networks.Find(Network, Cancel);
        var request = new PortRequest
        {
            Name = Name,
            NetworkId = network.Id,
            MacAddress = MacAddress?.Replace('-', ':').ToLowerInvariant(),
            Addresses = IPAddress.Select(a => a.ToString()).ToList(),
            SecurityGroupIds = NoSecurityGroup ? [] : SecurityGroup?.Select(g => networks.FindSecurityGroup(g, Cancel).Id).ToList(),
            Description = Description,
        };
        if (!Confirm($"Make the port '{Name}' on the network '{network.Name}' ({network.Id}) in '{session.Name}'.", $"Make the port '{Name}'?"))
            return;
        var port = networks.CreatePort(request, Cancel);
        foreach (var tag in Tag)
            networks.AddPortTag(port.Id, tag, Cancel);
        Emit(session, Tag.Length == 0 ? port : networks.GetPort(port.Id, Cancel) ?? port);
    });
}
