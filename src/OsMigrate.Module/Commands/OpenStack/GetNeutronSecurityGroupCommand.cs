using System.Management.Automation;
using OsMigrate.Module.Parameters;
using OsMigrate.Module.Pipeline;
using OsMigrate.OpenStack.Networks;

namespace OsMigrate.Module.Commands.OpenStack;

/// <summary>Lists security groups.</summary>
[Cmdlet(VerbsCommon.Get, "NeutronSecurityGroup")]
[OutputType(typeof(SecurityGroup))]
public sealed class GetNeutronSecurityGroupCommand : OpenStackCmdlet
{
    [Parameter(Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [Alias("Id", "Name")]
    [NameOrId]
    [SupportsWildcards]
    [ArgumentCompleter(typeof(SecurityGroupCompleter))]
    public string[] SecurityGroup { get; set; } = [];

    protected override void TakeRecord() => RunForEach(SecurityGroup, (session, name) =>
    {
        var networks = new NetworksClient(session);
        foreach (var group in Choose(name, n => networks.FindSecurityGroup(n, Cancel), () => networks.SecurityGroups(Cancel), g => g.Name))
            Emit(session, group);
    });
}
