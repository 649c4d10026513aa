using OsMigrate.VSphere.Properties;
using OsMigrate.VSphere.Sessions;
using OsMigrate.VSphere.Soap;

namespace OsMigrate.VSphere.Inventory;

/// <summary>Reads resource pools and vApps.</summary>
/// <remarks>vSphere Web Services API, ResourceConfigSpec and VAppConfigInfo.</remarks>
internal static class ResourcePoolReader
{
    private static readonly string[] Common = ["name", "parent", "owner", "config"];

    public static IReadOnlyList<VSphereResourcePool> All(VSphereSession session, CancellationToken cancel)
    {
        var query = new PropertyQuery(session);
        // Types derive from each other: asking for pools gives vApps too, without what only vApps have.
        var pools = query.Below(session.Content.RootFolder, ["ResourcePool"], Common, cancel).Where(static p => p.Reference.Type == "ResourcePool").ToList();
        var vApps = query.Below(session.Content.RootFolder, ["VirtualApp"], [.. Common, "vAppConfig"], cancel).ToList();
        return [.. pools.Concat(vApps).Select(Read)];
    }

    private static VSphereResourcePool Read(VimObject found) => new()
    {
        Reference = found.Reference,
        Name = Places.Unescape(found.Text("name") ?? ""),
        Owner = found.Ref("owner"),
        IsRoot = found.Ref("parent") is { Type: "ClusterComputeResource" or "ComputeResource" },
        Cpu = Allocation(found.Data("config")?.Child("cpuAllocation")),
        Memory = Allocation(found.Data("config")?.Child("memoryAllocation")),
        Entries = [.. (found.Data("vAppConfig")?.List("entityConfig") ?? []).Select(Entry).OfType<VAppEntry>().OrderBy(static e => e.StartOrder ?? int.MaxValue)],
    };

    private static ResourceAllocation? Allocation(VimData? data) => data is not { } d ? null
        : new ResourceAllocation(d.At("shares", "shares") is { } shares ? VimData.AsLong(shares.Value) ?? 0 : 0, d.At("shares", "level")?.Value ?? "", d.Long("reservation") ?? 0, d.Bool("expandableReservation") ?? false, d.Long("limit") is >= 0 and var limit ? limit : null);

    private static VAppEntry? Entry(VimData entity) => entity.Ref("key") is not { } part ? null
        : new VAppEntry(part, entity.Int("startOrder"), Math.Max(0, entity.Int("startDelay") ?? 0), entity.Bool("waitingForGuest") ?? false, entity.Text("startAction") ?? "", entity.Text("stopAction") ?? "", Math.Max(0, entity.Int("stopDelay") ?? 0));
}
