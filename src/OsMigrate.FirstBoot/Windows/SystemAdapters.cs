using System.Collections.Generic;
using System.Net.NetworkInformation;

namespace OsMigrate.FirstBoot.Windows;

/// <summary>Adapters of this machine.</summary>
public sealed class SystemAdapters : IAdapters
{
    public List<Adapter> Present()
    {
        var adapters = new List<Adapter>();
        try
        {
            foreach (var adapter in NetworkInterface.GetAllNetworkInterfaces())
            {
                if (adapter.NetworkInterfaceType is NetworkInterfaceType.Ethernet or NetworkInterfaceType.GigabitEthernet && adapter.Supports(NetworkInterfaceComponent.IPv4))
                    adapters.Add(Read(adapter));
            }
        }
        catch (NetworkInformationException)
        {
            // The network is not up yet: asked again by and by.
            adapters.Clear();
        }

        return adapters;
    }

    private static Adapter Read(NetworkInterface adapter)
    {
        var properties = adapter.GetIPProperties();
        var addresses = new List<string>();
        foreach (UnicastIPAddressInformation address in properties.UnicastAddresses)
            addresses.Add(address.Address.ToString());
        return new Adapter(properties.GetIPv4Properties().Index, adapter.Name, adapter.GetPhysicalAddress().ToString().ToLowerInvariant(), addresses.ToArray());
    }
}
