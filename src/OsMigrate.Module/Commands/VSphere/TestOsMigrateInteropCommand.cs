using System.Management.Automation;
using OsMigrate.Module.Interop;
using OsMigrate.Module.Output;
using OsMigrate.Module.Pipeline;

namespace OsMigrate.Module.Commands.VSphere;

/// <summary>Tells which of OsMigrate's assumptions about PowerCLI hold on this computer.</summary>
[Cmdlet(VerbsDiagnostic.Test, "OsMigrateInterop")]
[OutputType(typeof(InteropCheck))]
public sealed class TestOsMigrateInteropCommand : AsyncCmdlet
{
    [Parameter(Position = 0, ValueFromPipeline = true)]
    [ValidateNotNull]
    public PSObject[] InputObject { get; set; } = [];

    // Objects of PowerCLI are looked at on the pipeline thread only.
    protected override void TakeRecord()
    {
        foreach (var item in InputObject)
            WriteObject(Attempt(item, () => new InteropProbe(SessionState).Object(item), []), enumerateCollection: true);
    }

    protected override void TakeEnd() => WriteObject(Attempt(null, () => new InteropProbe(SessionState).Environment(), []), enumerateCollection: true);
}
