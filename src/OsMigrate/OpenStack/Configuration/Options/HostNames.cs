using System.Net;
using System.Net.Sockets;

namespace OsMigrate.OpenStack.Configuration.Options;

/// <summary>Addresses and host names as oslo.config takes them. Source: oslo_config/types.py, IPAddress, Hostname, HostDomain.</summary>
internal static class HostNames
{
    private const int MaxName = 253;
    private const int MaxLabel = 63;

    /// <summary>An IPv4 address of four parts, or an IPv6 address.</summary>
    public static bool IsAddress(string text)
        => IPAddress.TryParse(text, out var address)
           && (address.AddressFamily == AddressFamily.InterNetworkV6 ? text.IndexOf('[') < 0 : text.Split('.').Length == 4);

    public static bool IsValid(string name, bool underscores)
    {
        if (name.Length is 0 or > MaxName)
            return false;
        var labels = name.TrimEnd('.').Split('.');
        return labels[labels.Length - 1].Any(c => c is >= 'a' and <= 'z' or >= 'A' and <= 'Z' or '-')
               && Array.TrueForAll(labels, l => l.Length is > 0 and <= MaxLabel && l[0] != '-' && l[l.Length - 1] != '-' && l.All(c => IsAllowed(c, underscores)));
    }

    private static bool IsAllowed(char c, bool underscores) => c is >= 'a' and <= 'z' or >= 'A' and <= 'Z' or >= '0' and <= '9' or '-' || (underscores && c == '_');
}
