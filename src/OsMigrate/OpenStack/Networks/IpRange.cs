using System.Globalization;
using System.Net;

namespace OsMigrate.OpenStack.Networks;

/// <summary>Ranges of addresses in CIDR notation (RFC 4632, section 3.1).</summary>
public static class IpRange
{
    /// <summary>False also for a range that cannot be read, and for an address of the other family.</summary>
    public static bool Contains(string cidr, IPAddress address)
    {
        var slash = cidr.IndexOf('/');
        if (slash < 0 || !IPAddress.TryParse(cidr.Substring(0, slash), out var network) || network.AddressFamily != address.AddressFamily
            || !int.TryParse(cidr.Substring(slash + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var bits))
            return false;
        var (a, b) = (network.GetAddressBytes(), address.GetAddressBytes());
        if (bits > a.Length * 8)
            return false;
        for (var i = 0; i < bits; i++)
        {
            var mask = 0x80 >> (i % 8);
            if ((a[i / 8] & mask) != (b[i / 8] & mask))
                return false;
        }

        return true;
    }
}
