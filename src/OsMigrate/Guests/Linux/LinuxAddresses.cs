namespace OsMigrate.Guests.Linux;

/// <summary>Fixed addresses as a Linux is configured: ifcfg files, ifupdown, keyfiles of NetworkManager, systemd-networkd, netplan.</summary>
internal static class LinuxAddresses
{
    private static readonly char[] Blanks = [' ', '\t', ','];

    public static IReadOnlyList<GuestAddress> Read(LinuxFiles files)
    {
        var found = new List<GuestAddress>();
        foreach (var folder in new[] { "/etc/sysconfig/network-scripts", "/etc/sysconfig/network" })
            found.AddRange(files.Children(folder).Where(static f => !f.IsFolder && f.Name.StartsWith("ifcfg-", StringComparison.Ordinal)).Select(f => Ifcfg(files, $"{folder}/{f.Name}", f.Name.Substring(6))).OfType<GuestAddress>());
        foreach (var file in files.Children("/etc/NetworkManager/system-connections").Where(static f => !f.IsFolder))
            Add(found, Keyfile(files, $"/etc/NetworkManager/system-connections/{file.Name}", "id", "interface-name"));
        foreach (var file in files.Children("/etc/systemd/network").Where(static f => f.Name.EndsWith(".network", StringComparison.Ordinal)))
            Add(found, Keyfile(files, $"/etc/systemd/network/{file.Name}", "Name", "Name"));
        foreach (var path in files.Children("/etc/network/interfaces.d").Select(static f => $"/etc/network/interfaces.d/{f.Name}").Prepend("/etc/network/interfaces"))
            found.AddRange(Interfaces(files, path));
        foreach (var file in files.Children("/etc/netplan").Where(static f => f.Name.EndsWith(".yaml", StringComparison.Ordinal)))
            found.AddRange(Netplan.Read(files.Text($"/etc/netplan/{file.Name}") ?? "").Select(static a => Split(a.Name, a.Mac, a.Addresses, a.Gateways, a.NameServers)));
        return found;
    }

    private static void Add(List<GuestAddress> found, GuestAddress? address)
    {
        if (address is not null)
            found.Add(address);
    }

    private static GuestAddress? Ifcfg(LinuxFiles files, string path, string name)
    {
        var values = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var line in files.Lines(path))
        {
            var equals = line.IndexOf('=');
            if (equals > 0)
                values[line.Substring(0, equals)] = line.Substring(equals + 1).Trim('"', '\'');
        }

        IReadOnlyList<string> All(string key) => values.Where(v => v.Key.StartsWith(key, StringComparison.Ordinal) && v.Key.Substring(key.Length).All(char.IsDigit) && v.Value.Length > 0).Select(static v => v.Value).ToList();
        var masks = All("NETMASK").Count > 0 ? All("NETMASK") : All("PREFIX").Count > 0 ? All("PREFIX") : All("PREFIXLEN");
        return All("IPADDR") is { Count: > 0 } addresses ? new GuestAddress(name, All("HWADDR").FirstOrDefault(), addresses, masks, All("GATEWAY"), All("DNS")) : null;
    }

    /// <summary>INI files: NetworkManager's address1=10.0.0.5/24,10.0.0.1 and dns=...;, systemd's Address=, Gateway=, DNS=.</summary>
    private static GuestAddress? Keyfile(LinuxFiles files, string path, string nameKey, string otherNameKey)
    {
        List<string> addresses = [], gateways = [], dns = [];
        string? name = null, mac = null;
        foreach (var line in files.Lines(path).Where(static l => l.IndexOf('=') > 0))
        {
            var (key, value) = (line.Substring(0, line.IndexOf('=')).Trim(), line.Substring(line.IndexOf('=') + 1).Trim());
            var plain = key.TrimEnd('0', '1', '2', '3', '4', '5', '6', '7', '8', '9').ToLowerInvariant();
            if (key == otherNameKey || (key == nameKey && name is null))
                name = value;
            else if (plain is "mac-address" or "macaddress")
                mac = value;
            else if (plain is "address" or "addresses")
                Take(value, addresses, gateways);
            else if (plain == "gateway")
                gateways.Add(value);
            else if (plain == "dns")
                dns.AddRange(value.Split([';', ' '], StringSplitOptions.RemoveEmptyEntries));
        }

        return addresses.Count > 0 ? Split(name ?? "", mac, addresses, gateways, dns) : null;
    }

    private static void Take(string value, List<string> addresses, List<string> gateways)
    {
        var parts = value.Split(',', ';');
        addresses.Add(parts[0].Trim());
        if (parts.Length > 1 && parts[1].Trim().Length > 0)
            gateways.Add(parts[1].Trim());
    }

    private static IEnumerable<GuestAddress> Interfaces(LinuxFiles files, string path)
    {
        string? name = null;
        var values = new List<KeyValuePair<string, string>>();
        foreach (var line in files.Lines(path).Append("iface end"))
        {
            var words = line.Split(Blanks, StringSplitOptions.RemoveEmptyEntries);
            if (words[0] is not ("iface" or "auto" or "allow-hotplug" or "source" or "mapping"))
            {
                values.Add(new(words[0], string.Join(" ", words.Skip(1))));
                continue;
            }

            IEnumerable<string> All(string key) => values.Where(v => v.Key == key).SelectMany(static v => v.Value.Split(Blanks, StringSplitOptions.RemoveEmptyEntries)).ToList();
            if (name is not null && All("address").Any())
                yield return All("netmask").Any() ? new GuestAddress(name, All("hwaddress").LastOrDefault(), All("address").ToList(), All("netmask").ToList(), All("gateway").ToList(), All("dns-nameservers").ToList()) : Split(name, All("hwaddress").LastOrDefault(), All("address").ToList(), All("gateway").ToList(), All("dns-nameservers").ToList());
            values.Clear();
            name = words[0] == "iface" && words.Contains("static") ? words[1] : null;
        }
    }

    /// <summary>"10.0.0.5/24" is an address and the length of its prefix.</summary>
    private static GuestAddress Split(string name, string? mac, List<string> addresses, List<string> gateways, List<string> dns)
        => new(name, mac, addresses.ConvertAll(static a => a.Split('/')[0]), addresses.ConvertAll(static a => a.IndexOf('/') > 0 ? a.Split('/')[1] : ""), gateways, dns);
}
