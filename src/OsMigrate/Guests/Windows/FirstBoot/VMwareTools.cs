using System.Globalization;

namespace OsMigrate.Guests.Windows.FirstBoot;

/// <summary>Finds VMware Tools in a guest.</summary>
internal static class VMwareTools
{
    private static readonly string[] Uninstall = [@"Microsoft\Windows\CurrentVersion\Uninstall", @"WOW6432Node\Microsoft\Windows\CurrentVersion\Uninstall"];
    private static readonly string[] Marks = ["VMTools", "vmci", "vmmemctl", "vmhgfs", "vmxnet3", "vmxnet3ndis6", "vm3dmp"];

    public static void Add(FirstBootPlan plan, WindowsGuest guest)
    {
        var products = Products(guest);
        if (products.Count == 0 && !Marks.Any(m => guest.Current($@"Services\{m}") is not null))
            return;
        const string Words = "uninstall VMware Tools";
        foreach (var product in products)
            plan.Add(Words, "uninstall", product.ToString("B", CultureInfo.InvariantCulture));
        plan.Add(Words, "vmware-services");
        plan.Add(Words, "vmware-drivers");
    }

    /// <summary>Product codes: the names of the keys. What the key says how to uninstall it is never run, since anybody could have written it.</summary>
    private static List<Guid> Products(WindowsGuest guest)
        => Uninstall.SelectMany(path => guest.Software.Find(path)?.SubKeys ?? [])
            .Where(static key => key.Value("DisplayName")?.AsString() == "VMware Tools")
            .Select(static key => Guid.TryParseExact(key.Name, "B", out var product) ? product : Guid.Empty)
            .Where(static product => product != Guid.Empty).Distinct().ToList();
}
