using System.Management.Automation;
using OsMigrate.Bytes;

namespace OsMigrate.Module.Interop;

/// <summary>What is needed of a cluster or a rule of PowerCLI to find the same by ourselves.</summary>
/// <param name="ClusterId">"domain-c7"</param>
/// <param name="Rule">Name of a rule, when the object is one; else null.</param>
internal sealed record InteropCluster(Uri Address, Secret Cookie, string ClusterId, string Name, string? Rule);

/// <summary>Reads what Get-Cluster, Get-DrsRule and Get-DrsVMHostRule of PowerCLI return, by the names of types and properties. Pipeline thread only.</summary>
internal static class PowerCliClusters
{
    private const string Prefix = "ClusterComputeResource-";

    public static bool IsCluster(object item) => Has(item, ".ClusterImpl", ".Inventory.Cluster") || PowerCliObject.Text(item, "Id")?.StartsWith(Prefix, StringComparison.Ordinal) == true;

    public static bool IsRule(object item) => Has(item, ".DrsRuleImpl", ".DrsVMHostRuleImpl", ".Cluster.DrsRule", ".Cluster.DrsVMHostRule");

    /// <exception cref="OsMigrateException">Interop.*: it cannot be used.</exception>
    public static InteropCluster Read(object item, object? servers)
    {
        var rule = IsRule(item) ? PowerCliObject.Text(item, "Name") : null;
        var cluster = rule is null ? item : PowerCliObject.Value(item, "Cluster");
        var name = PowerCliObject.Text(cluster, "Name") ?? PowerCliObject.Text(item, "Name") ?? "";
        if (PSObject.AsPSObject(item).TypeNames.Any(static t => t.StartsWith("Deserialized.VMware.", StringComparison.Ordinal)))
            throw new OsMigrateException(ErrorIds.InteropDeserialized, ErrorKind.InvalidArgument, $"'{name}' came out of a job or a remote session: what is left of it is a picture without a connection.", name) { Advice = "Call Get-Cluster in the same session, or name the cluster after Connect-VSphere." };
        if (cluster is null || !(PowerCliObject.Text(cluster, "Id") is { } id && id.StartsWith(Prefix, StringComparison.Ordinal)))
            throw new OsMigrateException(ErrorIds.InteropNotAMachine, ErrorKind.InvalidArgument, $"This is no cluster, no rule and no virtual machine: {PSObject.AsPSObject(item).TypeNames.FirstOrDefault()}.", name);
        var session = PowerCliReader.SessionOf(cluster, servers, name);
        return new InteropCluster(session.Address, session.Cookie, id.Substring(Prefix.Length), name, rule);
    }

    private static bool Has(object item, params string[] ends)
    {
        var wrapped = PSObject.AsPSObject(item);
        var names = wrapped.BaseObject is PSCustomObject ? wrapped.TypeNames : wrapped.TypeNames.Concat(wrapped.BaseObject.GetType().GetInterfaces().Select(static i => i.FullName ?? ""));
        return names.Any(n => n.IndexOf("VMware.VimAutomation.", StringComparison.Ordinal) >= 0 && ends.Any(e => n.EndsWith(e, StringComparison.Ordinal)));
    }
}
