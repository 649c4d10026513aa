using static OsMigrate.VSphere.Inventory.InventoryFacts;

namespace OsMigrate.Migrations.Assessment.Rules;

/// <summary>Adapters and addresses.</summary>
internal static class NetworkRules
{
    private const int ManyNics = 8;

    /// <summary>Prefixes that VMware's products give out (IEEE registry of OUIs).</summary>
    private static readonly string[] OfVMware = ["00:50:56", "00:0c:29", "00:05:69", "00:1c:14"];

    public static IReadOnlyList<AssessmentRule> All { get; } =
    [
        new("openstack.nic.count", ConcernCategory.Warning, "More than 8 adapters",
            "Each adapter is a port with a place on the PCI bus; quotas and limits of the cloud count them.", "Ask for the limits, or join networks by VLAN in the guest (trunk ports).",
            Nics, static s => Finding.When(s.Machine.Nics.Count > ManyNics, $"{s.Machine.Nics.Count} adapters")),
        new("openstack.nic.none", ConcernCategory.Information, "No adapter",
            "The server will have no network.", "None needed if that is meant.",
            Nics, static s => Finding.When(s.Machine.Nics.Count == 0, "it has no network adapter")),
        new("openstack.nic.no_network", ConcernCategory.Warning, "Adapter without a network",
            "There is no network to map it to.", "Connect it, remove it, or name its network with -NetworkMap.",
            Nics, static s => Finding.Of(s.Machine.Nics.Where(static n => string.IsNullOrEmpty(n.NetworkName)).Select(static n => n.Label))),
        new("openstack.nic.vmware_mac", ConcernCategory.Information, "Hardware address of VMware's range",
            "It is kept, so that licences and DHCP reservations go on; vCenter may give it to another machine meanwhile.", "Keep the source machine registered until the move is final.",
            Nics, static s => Finding.Of(s.Machine.Nics.Select(static n => n.MacAddress).OfType<string>().Where(static m => OfVMware.Any(o => m.StartsWith(o, StringComparison.Ordinal))))),
        new("openstack.mac.duplicate", ConcernCategory.Warning, "Hardware address used twice",
            "Two ports with one address on one network are refused by Neutron.", "Give one of the machines a new address.",
            Nics, static s => Finding.Of(s.Machine.Nics.Select(static n => n.MacAddress).OfType<string>().Where(m => s.Site.WithMac(m) > 1))),
        new("vmware.vm_missing_ip.detected", ConcernCategory.Warning, "Runs without a known address",
            "It is on, but tells no address: static addresses cannot be carried over from the inventory.", "Start VMware Tools, or let the address be read from the guest's disk.",
            GuestNetwork | Power | Nics, static s => Finding.When(s.IsOn && s.Machine.IPAddresses.Count == 0 && s.Machine.Nics.Count > 0, "no address")),
        new("openstack.address.static", ConcernCategory.Information, "Addresses to carry over",
            "The guest's addresses are bound to its old adapter. The inventory does not say whether they are static.", "Use -KeepIPAddress for ports with the same addresses; for Windows the move sets static addresses again at the first start.",
            GuestNetwork, static s => Finding.Of(s.Machine.IPAddresses)),
        new("openstack.address.duplicate", ConcernCategory.Warning, "Address used twice",
            "Neutron refuses a second port with the same fixed address.", "Find out which machine the address belongs to.",
            GuestNetwork, static s => Finding.Of(s.Machine.IPAddresses.Where(a => s.Site.WithAddress(a) > 1))),
        new("openstack.address.ipv6", ConcernCategory.Information, "IPv6 addresses",
            "The network in OpenStack needs an IPv6 subnet with the same mode.", "Make the subnet before the move.",
            GuestNetwork, static s => Finding.Of(s.Machine.IPAddresses.Where(static a => a.IndexOf(':') >= 0))),
    ];
}
