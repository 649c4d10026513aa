using System.Management.Automation;
using OsMigrate.Module.Pipeline;
using OsMigrate.OpenStack.Compute;

namespace OsMigrate.Module.Commands.OpenStack;

/// <summary>Makes server groups.</summary>
[Cmdlet(VerbsCommon.New, "NovaServerGroup", SupportsShouldProcess = true)]
[OutputType(typeof(ServerGroup))]
public sealed class NewNovaServerGroupCommand : OpenStackCmdlet
{
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true)]
    [ValidateNotNullOrEmpty]
    public string[] Name { get; set; } = [];

    [Parameter(Mandatory = true, Position = 1)]
    [ValidateSet("affinity", "anti-affinity", "soft-affinity", "soft-anti-affinity")]
    public string Policy { get; set; } = "";

    [Parameter]
    [ValidateRange(1, 10_000)]
    public int? MaxServersPerHost { get; set; }

    protected override void TakeRecord() => RunForEach(Name, (session, name) =>
    {
        if (Confirm($"Make the server group '{name}' with the policy {Policy} in '{session.Name}'.", $"Make the server group '{name}'?"))
            Emit(session, new ServerGroupsClient(session).Create(name!, Policy, MaxServersPerHost, Cancel));
    });
}
