using OsMigrate.VSphere.Inventory;

namespace OsMigrate.Migrations.Features;

/// <summary>Features that divide processors, memory and devices.</summary>
internal static class ResourceFeatures
{
    private const string Category = "Resources";

    public static IReadOnlyList<FeatureDefinition> All { get; } =
    [
        new("ResourcePool", Category)
        {
            Counterpart = "Limits: the project's quotas. Shares and limits of a server: flavor extra specifications quota:cpu_shares, quota:cpu_quota. Reservations: hw:cpu_policy=dedicated and hugepages",
            Lost = "Pools within pools, expandable reservations, memory shares, and changes while servers run: a flavor changes by a resize.",
            Advice = "Make a project for each pool with quotas of its limits, and flavors for what was reserved.",
            Check = Pools,
            UsedBy = static use => use.PoolsThat(static p => !p.IsVApp && (p.Cpu is { IsUsual: false } || p.Memory is { IsUsual: false })),
        },
        new("HotAdd", Category)
        {
            Counterpart = "None while a server runs: a resize to another flavor, with a restart",
            Lost = "Processors and memory are not added to a running server. Volumes and ports are.",
            Advice = "Choose a flavor with room to grow.",
        },
        new("Passthrough", Category)
        {
            Counterpart = "PCI passthrough and vGPU by flavors (pci_passthrough:alias, resources:VGPU); SR-IOV by ports of vnic_type direct",
            Lost = "Servers with a device cannot be moved live.",
            Advice = "Ask the operator for a flavor with the device, and name it with -Flavor.",
            Check = static cloud => cloud.Flavors.Then(static flavors => flavors.Where(static f => f.ExtraSpecs.Any(static s => s.Key is "pci_passthrough:alias" or "resources:VGPU")).Select(static f => f.Name).ToList() is { Count: > 0 } with
                ? Finding.Available($"Flavors with devices: {MobilityFeatures.Names(with)}")
                : flavors.Any(static f => f.ExtraSpecs.Count > 0) ? Finding.Missing($"None of {flavors.Count} flavors has a device") : Finding.Unknown($"None of {flavors.Count} flavors shows extra specifications: there are none, or this user may not see them")),
            UsedBy = static use => use.MachinesThat(static m => m.OtherDevices.Any(static d => d.Kind.IndexOf("pci", StringComparison.OrdinalIgnoreCase) >= 0 || d.Kind.IndexOf("gpu", StringComparison.OrdinalIgnoreCase) >= 0) || m.Nics.Any(static n => n.Model == "sriov")),
        },
    ];

    private static Finding Pools(CloudFacts cloud) => cloud.Limits.Then(limits =>
    {
        var evidence = new List<string> { $"Quota of this project: CPUs {Text(limits.Whole("maxTotalCores"))}, MiB of memory {Text(limits.Whole("maxTotalRAMSize"))}" };
        var tuned = cloud.Flavors.IsKnown ? cloud.Flavors.Value.Where(static f => f.ExtraSpecs.Keys.Any(static k => k.StartsWith("quota:", StringComparison.Ordinal) || k is "hw:cpu_policy" or "hw:mem_page_size")).Select(static f => f.Name).ToList() : [];
        evidence.Add(!cloud.Flavors.IsKnown ? cloud.Flavors.Refusal : tuned.Count > 0 ? $"Flavors with shares, limits or own CPUs: {MobilityFeatures.Names(tuned)}" : "No flavor shows shares, limits or own CPUs");
        evidence.Add(cloud.PinnedCpuHosts.IsKnown ? $"Hosts with CPUs for one server alone: {cloud.PinnedCpuHosts.Value.Count}" : cloud.PinnedCpuHosts.Refusal);
        return limits.Whole("maxTotalCores") is null ? Finding.Unknown("Nova's limits name no CPUs") : new Finding(tuned.Count > 0 ? FeatureStatus.Available : FeatureStatus.Partial, [.. evidence]);
    });

    private static string Text(long? limit) => limit is null ? "unknown" : limit < 0 ? "without limit" : limit.Value.ToString(System.Globalization.CultureInfo.InvariantCulture);
}
