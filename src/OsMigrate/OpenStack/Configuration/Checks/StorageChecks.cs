using OsMigrate.OpenStack.Configuration.Files;
using OsMigrate.OpenStack.Configuration.Values;
using static OsMigrate.OpenStack.Configuration.Checks.ConfigSeverity;

namespace OsMigrate.OpenStack.Configuration.Checks;

/// <summary>Compute hosts need an iSCSI initiator where a backend exports its volumes by iSCSI, each with a name of its own.</summary>
internal static class StorageChecks
{
    public static void Run(IReadOnlyList<EffectiveConfig> configs, IReadOnlyList<StorageFacts> hosts, Findings findings)
    {
        if (!configs.Any(c => c.Set.Service == ServiceName.Cinder && VolumeChecks.Backends(c).Any(b => VolumeChecks.UsesIscsi(c, b))))
            return;
        foreach (var host in hosts.Where(h => h.InitiatorName is null && (h.HasFolder || h.IsMachine)))
            Add(host, "Compute.NoInitiator", "Volumes come by iSCSI, but the host has no initiator name.", "", "Install open-iscsi (iscsi-initiator-utils).", findings);
        foreach (var clash in hosts.Where(h => h.InitiatorName is not null).GroupBy(h => h.InitiatorName, StringComparer.Ordinal).Where(g => g.Select(h => h.Node).Distinct(StringComparer.Ordinal).Count() > 1))
            Add(clash.Last(), "Compute.SameInitiator", $"{string.Join(", ", clash.Select(h => h.Node).Distinct(StringComparer.Ordinal))} have the same initiator name: a volume of one host can be taken by another. Copied machines have it.", $"InitiatorName={clash.Key}", "Give each host its own: iscsi-iname.", findings);
    }

    private static void Add(StorageFacts host, string id, string message, string evidence, string cure, Findings findings)
        => findings.Add(new ConfigFinding("Config." + id, Error, host.Node, ServiceName.Nova, host.Place, 0, "", "InitiatorName", message, evidence, cure));
}
