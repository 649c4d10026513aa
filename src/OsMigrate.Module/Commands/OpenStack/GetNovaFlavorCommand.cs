using System.Management.Automation;
using OsMigrate.Module.Parameters;
using OsMigrate.Module.Pipeline;
using OsMigrate.OpenStack.Compute;

namespace OsMigrate.Module.Commands.OpenStack;

/// <summary>Lists flavors: the sizes of servers.</summary>
[Cmdlet(VerbsCommon.Get, "NovaFlavor")]
[OutputType(typeof(Flavor))]
public sealed class GetNovaFlavorCommand : OpenStackCmdlet
{
    [Parameter(Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [Alias("Id", "Name")]
    [NameOrId]
    [SupportsWildcards]
    [ArgumentCompleter(typeof(FlavorCompleter))]
    public string[] Flavor { get; set; } = [];

    protected override void TakeRecord() => RunForEach(Flavor, (session, name) =>
    {
        var flavors = new FlavorsClient(session);
        foreach (var flavor in Choose(name, n => flavors.Find(n, Cancel), () => flavors.List(Cancel), f => f.Name))
            Emit(session, flavor);
    });
}
