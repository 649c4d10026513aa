using System.Net;
using System.Net.Sockets;
using OsMigrate.Registry;

namespace OsMigrate.Guests.Windows.FirstBoot;

/// <summary>Writes the fixed addresses of a guest into the plan.</summary>
/// <remarks>
/// IPv4 with gateways and their metrics, name servers of both kinds. Routes that were added for good (PersistentRoutes) belong to no adapter and stay as
/// they are. Fixed IPv6 addresses stand in a binary table of Windows (Control\Nsi) that nobody documents; they are not read.
/// </remarks>
internal static class StaticAddressLines
{
    public static void Add(FirstBootPlan plan, WindowsGuest guest, GuestOperatingSystem system)
    {
        foreach (var adapter in system.StaticAddresses)
        {
            var parts = new List<string> { "address" };
            if (adapter.MacAddress is { } mac && IsMac(mac))
                parts.Add("mac=" + mac.ToLowerInvariant());
            for (var i = 0; i < adapter.Addresses.Count && i < adapter.SubnetMasks.Count; i++)
            {
                if (IsV4(adapter.Addresses[i]) && IsV4(adapter.SubnetMasks[i]))
                    parts.Add($"ip={adapter.Addresses[i]}/{adapter.SubnetMasks[i]}");
            }

            if (!parts.Exists(static p => p.StartsWith("ip=", StringComparison.Ordinal)))
                continue;
            var metrics = Metrics(guest, adapter.InterfaceId);
            for (var i = 0; i < adapter.Gateways.Count; i++)
            {
                if (IsV4(adapter.Gateways[i]))
                    parts.Add($"gateway={adapter.Gateways[i]}/{(i < metrics.Count && ushort.TryParse(metrics[i], out var metric) && metric is > 0 and < 10000 ? metrics[i] : "automatic")}");
            }

            parts.AddRange(adapter.NameServers.Concat(NameServers6(guest, adapter.InterfaceId)).Where(static s => IPAddress.TryParse(s, out _)).Select(static s => "dns=" + s));
            plan.Add("set the fixed addresses " + string.Join(", ", adapter.Addresses), [.. parts]);
        }
    }

    private static IReadOnlyList<string> Metrics(WindowsGuest guest, string id)
        => guest.Current($@"Services\Tcpip\Parameters\Interfaces\{id}")?.Value("DefaultGatewayMetric") is { Type: RegistryValueType.MultiString } value ? value.AsMultiString() : [];

    private static string[] NameServers6(WindowsGuest guest, string id)
        => (guest.Current($@"Services\Tcpip6\Parameters\Interfaces\{id}")?.Value("NameServer")?.AsString() ?? "").Split([',', ' '], StringSplitOptions.RemoveEmptyEntries);

    private static bool IsV4(string text) => text.Split('.').Length == 4 && IPAddress.TryParse(text, out var address) && address.AddressFamily == AddressFamily.InterNetwork;

    private static bool IsMac(string text) => text.Replace(":", "").Replace("-", "") is { Length: 12 } digits && digits.All(Uri.IsHexDigit);
}
