using System.Collections.Generic;

namespace OsMigrate.FirstBoot;

/// <summary>The Ethernet adapters that are there now.</summary>
public interface IAdapters
{
    List<Adapter> Present();
}

/// <summary>One Ethernet adapter.</summary>
public sealed class Adapter
{
    public Adapter(int index, string name, string mac, string[] addresses)
    {
        Index = index;
        Name = name;
        Mac = mac;
        Addresses = addresses;
    }

    /// <summary>The interface index, which netsh takes in place of a name.</summary>
    public int Index { get; }

    public string Name { get; }

    /// <summary>12 hex digits in small letters.</summary>
    public string Mac { get; }

    /// <summary>Its IPv4 and IPv6 addresses.</summary>
    public string[] Addresses { get; }
}
