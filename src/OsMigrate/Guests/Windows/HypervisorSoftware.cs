namespace OsMigrate.Guests.Windows;

/// <summary>Finds tools and drivers of hypervisors in a Windows.</summary>
internal static class HypervisorSoftware
{
    private static readonly string[] Uninstall = [@"Microsoft\Windows\CurrentVersion\Uninstall", @"WOW6432Node\Microsoft\Windows\CurrentVersion\Uninstall"];
    private static readonly string[] Products = ["VMware Tools", "Xen", "XCP-ng", "Citrix", "Virtio", "QEMU guest agent", "Hyper-V", "VirtualBox Guest"];

    private static readonly string[] Drivers =
    [
        "viostor", "vioscsi", "netkvm", "balloon", "vioserial", "viorng", "xenbus", "xenvbd", "xennet", "xenfilt", "rhelscsi",
        "pvscsi", "vmxnet3", "vmxnet3ndis6", "vmci", "vm3dmp", "vmhgfs", "vmmemctl", "vsock", "vmmouse", "VBoxGuest",
    ];

    public static IReadOnlyList<string> Find(WindowsGuest guest)
    {
        var found = new List<string>();
        foreach (var entry in Uninstall.SelectMany(path => guest.Software.Find(path)?.SubKeys ?? []))
        {
            var name = entry.Value("DisplayName")?.AsString();
            if (name is not null && Products.Any(p => name.IndexOf(p, StringComparison.OrdinalIgnoreCase) >= 0))
                found.Add($"{name} {entry.Value("DisplayVersion")?.AsString()}".Trim());
        }

        var services = guest.Current("Services");
        foreach (var driver in Drivers)
        {
            if (services?.Find(driver) is { } key)
                found.Add($"{key.Name} ({(key.Value("Start")?.AsDword() switch { 0 => "starts at boot", 1 => "starts with the system", 2 => "starts by itself", 4 => "disabled", _ => "on demand" })})");
        }

        return found.Distinct().ToList();
    }
}
