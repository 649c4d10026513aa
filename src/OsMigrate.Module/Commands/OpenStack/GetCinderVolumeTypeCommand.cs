using System.Management.Automation;
using OsMigrate.Module.Parameters;
using OsMigrate.Module.Pipeline;
using OsMigrate.OpenStack.Volumes;

namespace OsMigrate.Module.Commands.OpenStack;

/// <summary>Lists types of volumes.</summary>
[Cmdlet(VerbsCommon.Get, "CinderVolumeType")]
[OutputType(typeof(VolumeType))]
public sealed class GetCinderVolumeTypeCommand : OpenStackCmdlet
{
    [Parameter(Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [Alias("Id", "Name")]
    [NameOrId]
    [SupportsWildcards]
    [ArgumentCompleter(typeof(VolumeTypeCompleter))]
    public string[] VolumeType { get; set; } = [];

    protected override void TakeRecord() => RunForEach(VolumeType, (session, name) =>
    {
        var volumes = new VolumesClient(session);
        foreach (var type in Choose(name, n => volumes.FindType(n, Cancel), () => volumes.Types(Cancel), t => t.Name))
            Emit(session, type);
    });
}
