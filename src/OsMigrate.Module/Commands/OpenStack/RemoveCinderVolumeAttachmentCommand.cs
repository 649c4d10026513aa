using System.Management.Automation;
using OsMigrate.Module.Parameters;
using OsMigrate.Module.Pipeline;
using OsMigrate.OpenStack.Compute;
using OsMigrate.OpenStack.Volumes;

namespace OsMigrate.Module.Commands.OpenStack;

/// <summary>Detaches volumes from a server and waits until that is done.</summary>
[Cmdlet(VerbsCommon.Remove, "CinderVolumeAttachment", SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.Medium)]
[OutputType(typeof(Volume))]
public sealed class RemoveCinderVolumeAttachmentCommand : OpenStackCmdlet
{
    [Parameter(Mandatory = true, Position = 0)]
    [NameOrId]
    [ArgumentCompleter(typeof(ServerCompleter))]
    public string Instance { get; set; } = "";

    [Parameter(Mandatory = true, Position = 1, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [Alias("Id", "Name")]
    [NameOrId]
    [ArgumentCompleter(typeof(VolumeCompleter))]
    public string[] Volume { get; set; } = [];

    [Parameter]
    public SwitchParameter NoWait { get; set; }

    [Parameter]
    [ValidateRange(1, 86400)]
    public int TimeoutSeconds { get; set; } = 300;

    protected override void TakeRecord() => RunForEach(Volume, (session, name) =>
    {
        var server = new ServersClient(session).Find(Instance, Cancel);
        var volume = new VolumesClient(session).Find(name!, Cancel);
        if (!Confirm($"Detach the volume '{volume.Name}' ({volume.Id}) from the server '{server.Name}' ({server.Id}) in '{session.Name}'.", $"Detach '{volume.Name}' from '{server.Name}'?"))
            return;
        var attaching = new VolumeAttaching(session)
        {
            Limit = NoWait ? null : TimeSpan.FromSeconds(TimeoutSeconds),
            Seen = now => ReportProgress($"Detaching {volume.Name}", now.Status),
        };
        Emit(session, attaching.Detach(server, volume, Cancel));
    });
}
