using OsMigrate.Bytes;
using OsMigrate.Registry;

namespace OsMigrate.Guests.Windows.Injection;

/// <summary>Removes the driver package that virt-v2v registers by hand, "guestor.inf": a few keys without files behind them.</summary>
/// <remarks>
/// With it <c>pnputil /enum-drivers</c> stops with "The parameter is incorrect" and in-place upgrades of Windows fail (virt-v2v manual, "After conversion,
/// Windows guest cannot be upgraded"). Once the guest has started, its devices are bound to the real packages and nothing needs this one.
/// </remarks>
internal static class GuestorRemoval
{
    private const string Inf = "guestor.inf";

    /// <summary>True when the package, or a part of it, is there.</summary>
    public static bool IsNeeded(WindowsGuest guest) => guest.System.Find("DriverDatabase") is { } database && (Packages(database).Any() || database.Find($@"DriverInfFiles\{Inf}") is not null || Ids(database).Any());

    /// <returns>False when there was nothing to remove.</returns>
    /// <exception cref="OsMigrateException"><see cref="ErrorIds.GuestNotFit"/>: nothing else would make the system disk start; nothing was changed.</exception>
    public static bool Run(WindowsGuest guest)
    {
        if (!IsNeeded(guest))
            return false;
        var database = guest.System.Find("DriverDatabase")!;
        RequireOther(guest, database);
        foreach (var key in Ids(database).ToList())
            Forget(key);
        if (database.Find($@"DriverInfFiles\{Inf}") is { } info)
            info.Delete();
        foreach (var package in Packages(database).ToList())
            package.Delete();
        return true;
    }

    private static IEnumerable<HiveKey> Packages(HiveKey database)
        => database.Find("DriverPackages")?.SubKeys.Where(static k => k.Name.StartsWith(Inf + "_", StringComparison.OrdinalIgnoreCase)) ?? [];

    /// <summary>The device ids that the package claims: keys with a value of its name.</summary>
    private static IEnumerable<HiveKey> Ids(HiveKey database)
        => database.Find("DeviceIds")?.SubKeys.SelectMany(static bus => bus.SubKeys.Prepend(bus)).Where(static id => id.Value(Inf) is not null) ?? [];

    private static void Forget(HiveKey id)
    {
        id.DeleteValue(Inf);
        // The key was made for the package, unless others stand in it too.
        if (id.Values.Count == 0 && id.SubKeys.Count == 0 && id.Parent!.Parent!.Name.Equals("DeviceIds", StringComparison.OrdinalIgnoreCase))
            id.Delete();
    }

    /// <summary>A guest that has not started since has no other way to its disk.</summary>
    private static void RequireOther(WindowsGuest guest, HiveKey database)
    {
        var storage = new[] { "viostor", "vioscsi" };
        var isBound = guest.Current(@"Enum\PCI")?.SubKeys.SelectMany(static d => d.SubKeys).Any(d => storage.Contains(d.Value("Service")?.AsString(), StringComparer.OrdinalIgnoreCase)) ?? false;
        var isClaimed = Ids(database).Any(static id => id.Values.Any(static v => v.Name.Length > 0 && !v.Name.Equals(Inf, StringComparison.OrdinalIgnoreCase)));
        if (isBound || isClaimed)
            return;
        throw new OsMigrateException(ErrorIds.GuestNotFit, ErrorKind.NotSupported, "The guest cannot be repaired: guestor.inf is all that makes it find its disk, as it has not started on KVM yet.", guest.Volume.Where)
        {
            Advice = "Start the guest once, so that Windows installs its real driver packages, or give it drivers with Add-VirtioDriver first.",
        };
    }
}
