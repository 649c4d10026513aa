using OsMigrate.VSphere.Properties;
using OsMigrate.VSphere.Sessions;

namespace OsMigrate.VSphere.Inventory;

/// <summary>An ESXi host: what it is. Source: vSphere Web Services API, HostSystem, AboutInfo.</summary>
/// <param name="Product">"VMware ESXi 8.0.2 build-22380479"; empty when the host is not reached.</param>
public sealed record VSphereHost(MoRef Reference, string Name, string Product, string Version)
{
    public static IReadOnlyList<VSphereHost> All(VSphereSession session, CancellationToken cancel)
        => [.. new PropertyQuery(session).Below(session.Content.RootFolder, ["HostSystem"], ["name", "config.product.fullName", "config.product.version"], cancel)
            .Select(static h => new VSphereHost(h.Reference, h.Text("name") ?? "", h.Text("config.product.fullName") ?? "", h.Text("config.product.version") ?? ""))];
}
