using OsMigrate.Registry;

namespace OsMigrate.Guests.Windows.Injection;

/// <summary>Settings that a guest needs on KVM besides drivers.</summary>
internal static class Around
{
    private static readonly string[] XenServices = ["xenbus", "xenfilt", "xenvbd", "xenvif", "xennet", "xeniface", "rhelscsi"];

    public static void Apply(WindowsGuest guest)
    {
        // A stop screen at the first start stays to be read.
        if (guest.Current(@"Control\CrashControl") is { } crash && crash.Value("AutoReboot")?.AsDword() is not 0)
            crash.SetDword("AutoReboot", 0);
        foreach (var name in XenServices)
        {
            if (guest.Current($@"Services\{name}") is { } service && service.Value("Start")?.AsDword() is not (null or 4))
                service.SetDword("Start", 4);
        }

        // Without its service a filter that stays in these lists keeps the device from starting.
        foreach (var key in guest.Current(@"Control\Class")?.SubKeys ?? [])
            RemoveFilter(key, "xenfilt");
    }

    private static void RemoveFilter(HiveKey key, string filter)
    {
        if (key.Value("UpperFilters") is not { Type: RegistryValueType.MultiString } value)
            return;
        var left = value.AsMultiString().Where(f => !string.Equals(f, filter, StringComparison.OrdinalIgnoreCase)).ToArray();
        if (left.Length == value.AsMultiString().Count)
            return;
        if (left.Length == 0)
            key.DeleteValue("UpperFilters");
        else
            key.SetMultiString("UpperFilters", left);
    }
}
