using System.Management.Automation;
using OsMigrate.Module.Parameters;
using OsMigrate.Module.VSphere;
using OsMigrate.VSphere.Sessions;

namespace OsMigrate.Module.Pipeline;

/// <summary>A cmdlet that works on one vCenter or ESXi host: the one named, else the default connection.</summary>
public abstract class VSphereCmdlet : AsyncCmdlet
{
    /// <summary>Objects carry the name of their server, so that the next command of a pipeline goes to the same one.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [ArgumentCompleter(typeof(VSphereServerCompleter))]
    [ValidateNotNullOrEmpty]
    public string? Server { get; set; }

    /// <summary>Pipeline thread: works on the server, in the background.</summary>
    /// <param name="target">What the item is, for the error record.</param>
    protected void RunOn(object? target, Action<VSphereSession> work)
    {
        var name = Server;
        Run(target, () => VSphereSessions.Use(name, Tell, work));
    }
}
