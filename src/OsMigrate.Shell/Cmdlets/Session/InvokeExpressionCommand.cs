using System.Management.Automation;

namespace OsMigrate.Shell.Cmdlets.Session;

[Cmdlet(VerbsLifecycle.Invoke, "Expression")]
public sealed class InvokeExpressionCommand : PSCmdlet
{
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true)]
    public string Command { get; set; } = "";

    // In the scope of the caller: what it sets stays set.
    protected override void ProcessRecord()
        => WriteObject(InvokeCommand.InvokeScript(false, ScriptBlock.Create(Command), null), enumerateCollection: true);
}
