using System.Management.Automation;
using OsMigrate.Module.Parameters;
using OsMigrate.Module.Pipeline;
using OsMigrate.OpenStack.Volumes;

namespace OsMigrate.Module.Commands.OpenStack;

/// <summary>Lists volumes.</summary>
[Cmdlet(VerbsCommon.Get, "CinderVolume")]
[OutputType(typeof(Volume))]
public sealed class GetCinderVolumeCommand : OpenStackCmdlet
{
    [Parameter(Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [Alias("Id", "Name")]
    [NameOrId]
    [SupportsWildcards]
    [ArgumentCompleter(typeof(VolumeCompleter))]
    public string[] Volume { get; set; } = [];

    [Parameter]
    public SwitchParameter AllProjects { get; set; }

    protected override void TakeRecord() => RunForEach(Volume, (session, name) =>
    {
        var volumes = new VolumesClient(session);
        foreach (var volume in Choose(name, n => volumes.Find(n, Cancel), () => volumes.List(Cancel, allProjects: AllProjects), v => v.Name))
            Emit(session, volume);
    });
}
