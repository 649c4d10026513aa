using System.Management.Automation;
using OsMigrate.Module.Interop;
using OsMigrate.VSphere.Inventory;

namespace OsMigrate.Module.VSphere;

/// <summary>A cluster that a cmdlet was given: by name, as our own record, or as a cluster or rule of PowerCLI.</summary>
/// <param name="Wanted">Name, id or pattern.</param>
/// <param name="Rule">Only this rule of it; null for all.</param>
internal sealed record ClusterTarget(string Wanted, string? Server, InteropCluster? Interop, string? Rule)
{
    /// <summary>Pipeline thread: reads what was given.</summary>
    /// <exception cref="Bytes.OsMigrateException">Interop.*: it cannot be used.</exception>
    public static ClusterTarget Read(PSObject item, string? server, SessionState state)
    {
        switch (item.BaseObject)
        {
            case string text:
                return new ClusterTarget(text, server, null, null);
            case VSphereCluster ours:
                return new ClusterTarget(ours.Id, server ?? ours.Server, null, null);
            default:
                var read = PowerCliClusters.Read(item, state.PSVariable.GetValue("global:DefaultVIServers"));
                return new ClusterTarget("ClusterComputeResource-" + read.ClusterId, null, read, read.Rule);
        }
    }
}
