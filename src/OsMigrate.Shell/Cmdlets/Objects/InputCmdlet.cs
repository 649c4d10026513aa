using System.Management.Automation;

namespace OsMigrate.Shell.Cmdlets.Objects;

/// <summary>A command whose input comes from the pipeline, or as a list by -InputObject.</summary>
public abstract class InputCmdlet : PSCmdlet
{
    [Parameter(ValueFromPipeline = true)]
    public PSObject? InputObject { get; set; }

    /// <summary>The current object; null when the command runs without any input.</summary>
    protected PSObject? Current => MyInvocation.ExpectingInput || MyInvocation.BoundParameters.ContainsKey(nameof(InputObject)) ? InputObject : null;
}
