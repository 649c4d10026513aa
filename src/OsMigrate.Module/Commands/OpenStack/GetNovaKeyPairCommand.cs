using System.Management.Automation;
using OsMigrate.Module.Parameters;
using OsMigrate.Module.Pipeline;
using OsMigrate.OpenStack.Compute;

namespace OsMigrate.Module.Commands.OpenStack;

/// <summary>Lists the key pairs of the user.</summary>
[Cmdlet(VerbsCommon.Get, "NovaKeyPair")]
[OutputType(typeof(KeyPair))]
public sealed class GetNovaKeyPairCommand : OpenStackCmdlet
{
    [Parameter(Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [Alias("Name")]
    [NameOrId]
    [SupportsWildcards]
    [ArgumentCompleter(typeof(KeyPairCompleter))]
    public string[] KeyPair { get; set; } = [];

    protected override void TakeRecord() => RunForEach(KeyPair, (session, name) =>
    {
        var site = new ComputeSite(session);
        foreach (var pair in Choose(name, n => site.FindKeyPair(n, Cancel), () => site.KeyPairs(Cancel), k => k.Name))
            Emit(session, pair);
    });
}
