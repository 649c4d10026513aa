using OsMigrate.Machines;

namespace OsMigrate.Appliances.Ovf;

/// <summary>The network adapters of one machine.</summary>
internal static class OvfNetwork
{
    public static List<MachineNic> Read(IReadOnlyList<OvfItem> items, VirtualBoxMachine virtualBox, HashSet<string> networks, List<string> warnings)
    {
        var adapters = items.Where(i => i.ResourceType is 10 or 11 or 33).ToList();

        // The guest numbers its adapters by their slots; without them by their order in the descriptor.
        if (adapters.All(a => a.AddressOnParent is >= 0) && adapters.Select(a => a.AddressOnParent).Distinct().Count() == adapters.Count)
            adapters = [.. adapters.OrderBy(a => a.AddressOnParent)];
        return [.. adapters.Select((a, i) => Read(a, i < virtualBox.MacAddresses.Count ? virtualBox.MacAddresses[i] : null, networks, warnings))];
    }

    private static MachineNic Read(OvfItem item, string? virtualBoxMac, HashSet<string> networks, List<string> warnings)
    {
        var network = item.Connections.FirstOrDefault();
        if (item.Connections.Skip(1).Any())
            warnings.Add($"The adapter '{Shown.Text(item.Name)}' names several networks; '{Shown.Text(network!)}' is taken.");
        if (network is not null && !networks.Contains(network))
            warnings.Add($"The adapter '{Shown.Text(item.Name)}' is connected to '{Shown.Text(network)}', which the descriptor's networks do not list.");
        var model = Model(item.SubType);
        if (model == "sriov")
            warnings.Add($"The adapter '{Shown.Text(item.Name)}' passes a physical function through (SR-IOV); it becomes an ordinary port.");
        return new MachineNic
        {
            Label = item.Name,
            MacAddress = MacAddress.Normalise(item.Address) ?? MacAddress.Normalise(item.Element.ChildText("MACAddress")) ?? virtualBoxMac,
            NetworkName = network,
            Model = model,
            Connected = item.AutomaticAllocation,
        };
    }

    /// <summary>A list of models ("VmxNet3 E1000") means: the first one that the target has. oVirt writes numbers.</summary>
    private static string? Model(string subType) => subType.Split(' ', ',')[0].ToLowerInvariant() switch
    {
        "" => null,
        "1" => "rtl8139",
        "2" => "e1000",
        "3" => "virtio",
        "vmxnet" => "vmxnet",
        var other => other,
    };
}
