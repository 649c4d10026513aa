using OsMigrate.Registry;

namespace OsMigrate.Guests.Windows;

/// <summary>Finds adapters with fixed addresses.</summary>
/// <remarks>CCS\Services\Tcpip\Parameters\Interfaces\{GUID}; the MAC address in CCS\Control\NetworkSetup2\Interfaces\{GUID}\Kernel, PermanentAddress (Windows 10 and Server 2016 on).</remarks>
internal static class StaticAddressReader
{
    public static IReadOnlyList<GuestAddress> Read(WindowsGuest guest)
    {
        var found = new List<GuestAddress>();
        foreach (var key in guest.Current(@"Services\Tcpip\Parameters\Interfaces")?.SubKeys ?? [])
        {
            var addresses = Texts(key, "IPAddress").Where(static a => a != "0.0.0.0").ToList();
            if (key.Value("EnableDHCP")?.AsDword() != 0 || addresses.Count == 0)
                continue;
            var servers = (key.Value("NameServer")?.AsString() ?? "").Split([',', ' '], StringSplitOptions.RemoveEmptyEntries);
            found.Add(new GuestAddress(key.Name, Mac(guest, key.Name), addresses, Texts(key, "SubnetMask"), Texts(key, "DefaultGateway"), servers));
        }

        return found;
    }

    private static List<string> Texts(HiveKey key, string name)
    {
        var value = key.Value(name);
        var texts = value is null ? [] : value.Type == RegistryValueType.MultiString ? value.AsMultiString() : [value.AsString()];
        return texts.Where(static t => t.Length > 0).ToList();
    }

    private static string? Mac(WindowsGuest guest, string id)
    {
        var value = guest.Current($@"Control\NetworkSetup2\Interfaces\{id}\Kernel")?.Value("PermanentAddress");
        if (value is null)
            return null;
        var bytes = value.Type == RegistryValueType.Binary ? value.Bytes.ToArray() : [];
        return bytes.Length == 6 ? string.Join(":", bytes.Select(static b => b.ToString("x2", System.Globalization.CultureInfo.InvariantCulture))) : value.Type == RegistryValueType.String ? value.AsString() : null;
    }
}
