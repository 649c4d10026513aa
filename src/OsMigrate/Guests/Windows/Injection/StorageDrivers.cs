using OsMigrate.Guests.Windows.Drivers;
using OsMigrate.Registry;

namespace OsMigrate.Guests.Windows.Injection;

/// <summary>Makes a virtio storage driver start at boot.</summary>
/// <remarks>Ids: viostor.inx and vioscsi.inx of kvm-guest-drivers-windows. Old and new form of each: "pc" machines have the first, slots of "q35" the second.</remarks>
internal static class StorageDrivers
{
    public const string ClassGuid = "{4D36E97B-E325-11CE-BFC1-08002BE10318}";

    private const string Label = "guestor.inf";
    private const string Configuration = "guestor_conf";

    private static readonly byte[] Rank = [0x01, 0xFF, 0, 0];

    public static bool IsStorage(VirtioDriver driver) => driver.Name is "viostor" or "vioscsi";

    /// <summary>PCI ids as the INF lists them, without "PCI\".</summary>
    public static IReadOnlyList<string> Ids(string driver) => driver == "vioscsi"
        ? ["VEN_1AF4&DEV_1004&SUBSYS_00081AF4&REV_00", "VEN_1AF4&DEV_1048&SUBSYS_11001AF4&REV_01"]
        : ["VEN_1AF4&DEV_1001&SUBSYS_00021AF4&REV_00", "VEN_1AF4&DEV_1042&SUBSYS_11001AF4&REV_01"];

    /// <summary>The service of the minimal way.</summary>
    public static void WriteService(WindowsGuest guest, string driver)
    {
        var key = guest.System.Root.Create($@"{guest.ControlSet}\Services\{driver}");
        key.SetDword("Type", 1);
        key.SetDword("Start", 0);
        key.SetString("Group", "SCSI miniport");
        key.SetDword("ErrorControl", 1);
        key.SetExpandString("ImagePath", $@"system32\drivers\{driver}.sys");
    }

    /// <summary>Releases before Windows 8: the list of devices that are needed to boot.</summary>
    public static void WriteCriticalDevices(WindowsGuest guest, string driver, IEnumerable<string> ids)
    {
        foreach (var id in ids)
        {
            var key = guest.System.Root.Create($@"{guest.ControlSet}\Control\CriticalDeviceDatabase\PCI#{id}");
            key.SetString("Service", driver);
            key.SetString("ClassGUID", ClassGuid);
        }
    }

    /// <summary>Windows 8 and later, the minimal way: a package of a few keys, in virt-v2v's form since 2.10.</summary>
    public static void WritePackage(WindowsGuest guest, string driver, string architecture)
    {
        var database = guest.System.Root.Create("DriverDatabase");
        var package = $"{Label}_{architecture}_0000000000000000";
        var info = database.Create($@"DriverInfFiles\{Label}");
        info.SetMultiString("", package);
        info.SetString("Active", package);
        info.SetMultiString("Configurations", Configuration);
        var key = database.Create($@"DriverPackages\{package}");
        var version = new byte[48];
        version[1] = 0xFF;
        version[2] = 0x09;
        new Guid(ClassGuid).ToByteArray().CopyTo(version, 8);
        key.SetBinary("Version", version);
        var configuration = key.Create($@"Configurations\{Configuration}");
        configuration.SetDword("ConfigFlags", 0);
        configuration.SetString("Service", driver);
        foreach (var id in Ids(driver))
        {
            database.Create($@"DeviceIds\PCI\{id}").SetBinary(Label, Rank);
            key.Create($@"Descriptors\PCI\{id}").SetString("Configuration", Configuration);
        }
    }
}
