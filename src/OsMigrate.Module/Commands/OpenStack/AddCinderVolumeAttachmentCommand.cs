using System.Management.Automation;
using OsMigrate.Module.Parameters;
using OsMigrate.Module.Pipeline;
using OsMigrate.OpenStack.Compute;
using OsMigrate.OpenStack.Volumes;

namespace OsMigrate.Module.Commands.OpenStack;

/// <summary>Attaches volumes to a server and waits until that is done.</summary>
[Cmdlet(VerbsCommon.Add, "CinderVolumeAttachment", SupportsShouldProcess = true)]
[OutputType(typeof(Volume))]
public sealed class AddCinderVolumeAttachmentCommand : OpenStackCmdlet
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
        if (!Confirm($"Attach the volume '{volume.Name}' ({volume.Id}) to the server '{server.Name}' ({server.Id}) in '{session.Name}'.", $"Attach '{volume.Name}' to '{server.Name}'?"))
            return;
        var attaching = new VolumeAttaching(session)
        {
            Limit = NoWait ? null : TimeSpan.FromSeconds(TimeoutSeconds),
            Seen = now => ReportProgress($"Attaching {volume.Name}", now.Status),
        };
        Emit(session, attaching.Attach(server, volume, Cancel));
    });
}
