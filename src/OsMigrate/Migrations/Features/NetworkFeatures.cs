namespace OsMigrate.Migrations.Features;

/// <summary>Features of networks.</summary>
internal static class NetworkFeatures
{
    private const string Category = "Network";

    public static IReadOnlyList<FeatureDefinition> All { get; } =
    [
        new("PortGroup", Category)
        {
            Counterpart = "Neutron networks; a VLAN of the port group becomes a provider network of the same segment",
            Lost = "Teaming, failover order and shaping of single port groups lie in the hosts' configuration.",
            Advice = "Have an administrator make a provider network for each VLAN; map names with Convert-ToOpenStack -NetworkMap.",
            Check = static cloud => cloud.Networks.Then(networks =>
            {
                var evidence = $"{networks.Count} network{(networks.Count == 1 ? "" : "s")}: {MobilityFeatures.Names(networks.Select(static n => n.Name))}";
                if (networks.Count == 0)
                    return Finding.Unknown("No network is visible to this project; whether it can make its own, its quota decides");
                return Has(cloud, "provider") is { } provider ? provider ? Finding.Available(evidence, "Neutron has the extension provider") : Finding.Partial(evidence, "Neutron has no extension provider: VLANs cannot be named") : Finding.Partial(evidence, cloud.Extensions.Refusal);
            }),
            UsedBy = static use => use.MachinesThat(static m => m.Nics.Any(static n => n.NetworkName is not null)),
        },
        new("VlanTrunk", Category)
        {
            Counterpart = "Neutron trunk ports with subports (guest VLAN tagging)",
            Lost = "Each VLAN of the guest must be named as a subport: 'all VLANs' (4095) exists as a provider setting only.",
            Advice = "List the VLANs that the guest tags, and make a trunk with a subport for each.",
            Check = static cloud => Extension(cloud, "trunk"),
        },
        new("NetworkIOControl", Category)
        {
            Counterpart = "Neutron QoS policies: bandwidth limits, minimum bandwidth, DSCP marking",
            Lost = "Shares between kinds of traffic.",
            Advice = "Have QoS policies made for networks or ports.",
            Check = static cloud => Extension(cloud, "qos"),
        },
        new("PortSecurity", Category)
        {
            Counterpart = "Port security and security groups; switched off where a port group accepts promiscuous mode or forged MAC addresses",
            Lost = "Promiscuous mode: a port sees its own traffic only.",
            Advice = "Open the ports that the machines need in a security group: the default one lets nothing in.",
            Check = static cloud => Extension(cloud, "security-group") is { Status: FeatureStatus.Available } groups
                ? Extension(cloud, "port-security") is { Status: FeatureStatus.Available } ports ? new Finding(FeatureStatus.Available, [.. groups.Evidence, .. ports.Evidence])
                    : groups with { Status = FeatureStatus.Partial, Evidence = [.. groups.Evidence, "Neutron has no extension port-security: filters cannot be switched off"] }
                : Extension(cloud, "security-group"),
        },
    ];

    private static Finding Extension(CloudFacts cloud, string alias)
        => cloud.Extensions.Then(all => all.Contains(alias) ? Finding.Available($"Neutron has the extension {alias}") : Finding.Missing($"Neutron has {all.Count} extensions, {alias} is none of them"));

    private static bool? Has(CloudFacts cloud, string alias) => cloud.Extensions.IsKnown ? cloud.Extensions.Value.Contains(alias) : null;
}
