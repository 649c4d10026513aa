using System.Management.Automation;
using OsMigrate.Module.Parameters;
using OsMigrate.Module.Pipeline;
using OsMigrate.OpenStack.Volumes;

namespace OsMigrate.Module.Commands.OpenStack;

/// <summary>Deletes volumes and waits until they are gone.</summary>
[Cmdlet(VerbsCommon.Remove, "CinderVolume", SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.High)]
[OutputType(typeof(void))]
public sealed class RemoveCinderVolumeCommand : OpenStackCmdlet
{
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [Alias("Id", "Name")]
    [NameOrId]
    [ArgumentCompleter(typeof(VolumeCompleter))]
    public string[] Volume { get; set; } = [];

    [Parameter]
    public SwitchParameter NoWait { get; set; }

    [Parameter]
    [ValidateRange(1, 86400)]
    public int TimeoutSeconds { get; set; } = 600;

    protected override void TakeRecord() => RunForEach(Volume, (session, name) =>
    {
        var volumes = new VolumesClient(session);
        var volume = volumes.Find(name!, Cancel);
        if (!Confirm($"Delete the volume '{volume.Name}' ({volume.Id}, {volume.SizeGiB} GiB) in '{session.Name}'.", $"Delete the volume '{volume.Name}'?"))
            return;
        ReportProgress($"Deleting {volume.Name}", volume.Status);
        if (volumes.Delete(volume.Id, Cancel) && !NoWait)
            volumes.WaitForGone(volume, TimeSpan.FromSeconds(TimeoutSeconds), Cancel);
    });
}
