using OsMigrate.Hypervisors;
using OsMigrate.VSphere.Inventory;
using OsMigrate.VSphere.Sessions;

namespace OsMigrate.Migrations.Hosts;

/// <summary>What a vCenter and its hosts are, or an ESXi host, by their own words.</summary>
public static class VSphereHosts
{
    public static IEnumerable<HypervisorInfo> All(VSphereSession session, CancellationToken cancel)
    {
        if (session.IsVCenter)
            yield return Info(session.Name, HypervisorKind.VCenter, session.Product, session.Version, HypervisorRole.Management, "vSphere API, ServiceContent.about");
        foreach (var host in InventoryReader.Hosts(session, cancel))
            yield return Info(host.Name, HypervisorKind.Esxi, host.Product.Length > 0 ? host.Product : "VMware ESXi, not reached by its vCenter", host.Version, HypervisorRole.Host, "vSphere API, HostSystem.config.product");
    }

    private static HypervisorInfo Info(string name, HypervisorKind kind, string product, string version, HypervisorRole role, string evidence)
        => new() { ComputerName = name, Kind = kind, Product = product, Version = version.Length > 0 ? version : null, Role = role, RunsIn = "unknown", Evidence = evidence };
}
