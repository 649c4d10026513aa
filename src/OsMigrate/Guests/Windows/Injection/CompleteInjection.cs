using OsMigrate.Bytes;
using OsMigrate.Guests.Windows.Drivers;
using OsMigrate.Guests.Windows.Inf;
using OsMigrate.Registry;

namespace OsMigrate.Guests.Windows.Injection;

/// <summary>Installs drivers as pnputil would: package in the driver store, driver database, files in place, services.</summary>
internal sealed class CompleteInjection(WindowsGuest guest, TargetSystem target, GuestFiles files, List<string> warnings)
{
    private const string CatalogueFolder = @"System32\CatRoot\{F750E6C3-38EE-11D1-85E5-00C04FC295EE}";
    private const string LockedFiles = @"Microsoft\Windows\CurrentVersion\Setup\PnpLockdownFiles";

    /// <summary>Classes whose packages Windows keeps in the hive DRIVERS instead of SYSTEM: network adapters and displays.</summary>
    private static readonly HashSet<Guid> DriversHiveClasses = [new("4d36e972-e325-11ce-bfc1-08002be10318"), new("4d36e968-e325-11ce-bfc1-08002be10318")];

    private readonly PublishedNames _names = new(guest);

    /// <summary>Installs one package; one that is there already stays.</summary>
    public void Install(VirtioDriver driver)
    {
        var package = driver.Package!;
        var name = PackageName(driver);
        var database = Database(package);
        if (database.Find($@"DriverPackages\{name}") is not null || package.ModelsFor(target).Count == 0)
            return;
        var infName = _names.Next();
        var store = $@"System32\DriverStore\FileRepository\{name}";
        foreach (var file in driver.Files)
            files.Put(guest.Below($@"{store}\{file.Name.ToLowerInvariant()}"), file);
        files.Put(guest.Below($@"INF\{infName}"), driver.File(driver.InfName));
        if (package.CatalogFileFor(target.Architecture) is { } catalogue && driver.Files.Any(f => string.Equals(f.Name, catalogue, StringComparison.OrdinalIgnoreCase)))
            files.Put(guest.Below($@"{CatalogueFolder}\{Path.ChangeExtension(infName, ".cat")}"), driver.File(catalogue));
        new DriverDatabase(database, infName, name, package).Write(target, StorageDrivers.IsStorage(driver) ? [.. StorageDrivers.Ids(driver.Name).Select(static id => @"PCI\" + id)] : [], driver.Folder);
        foreach (var install in Installs(package))
            Place(driver, install, infName, store);
    }

    /// <summary>The folder's name in the driver store. Windows ends it with a hash of its own making; any 16 digits are taken.</summary>
    public static string PackageName(VirtioDriver driver, string architecture)
    {
        using var inf = driver.File(driver.InfName).OpenContent();
        using var sha = System.Security.Cryptography.SHA256.Create();
        var hash = Hex.Lower(sha.ComputeHash(inf.ReadBytes(0, (int)inf.Length)).AsSpan(0, 8).ToArray());
        return $"{driver.InfName.ToLowerInvariant()}_{architecture}_{hash}";
    }

    private string PackageName(VirtioDriver driver) => PackageName(driver, target.Architecture);

    private IEnumerable<DriverInstall> Installs(DriverPackage package)
        => package.ModelsFor(target).GroupBy(static m => m.InstallSection, StringComparer.OrdinalIgnoreCase).Select(g => package.InstallFor(g.First(), target));

    private HiveKey Database(DriverPackage package)
    {
        var hive = DriversHiveClasses.Contains(package.ClassGuid) && guest.Hive("DRIVERS")?.Find("DriverDatabase") is not null ? guest.Hive("DRIVERS")! : guest.System;
        return hive.Root.Create("DriverDatabase");
    }

    private void Place(VirtioDriver driver, DriverInstall install, string infName, string store)
    {
        foreach (var copy in install.Files.Where(static f => !f.Directory.IsDriverStore))
        {
            if (copy.Directory.BelowWindows is not { } folder)
            {
                warnings.Add($"{driver.Name}: '{copy.Source}' is not put in place, since its folder ({copy.Directory.Id}) is only known to the running Windows.");
                continue;
            }

            files.Put(guest.Below($@"{folder}\{copy.Target}"), driver.File(copy.Source));
            Lock($@"%SystemRoot%/{folder.Replace('\\', '/')}/{copy.Target}", infName, $@"%SystemRoot%\{store}\{copy.Source}");
        }

        var services = guest.System.Root.Create($@"{guest.ControlSet}\Services");
        foreach (var service in install.Services)
            ServiceRegistration.Write(services, service, infName, store);
    }

    /// <summary>Tells Windows that the file belongs to a driver, as it notes for its own.</summary>
    private void Lock(string file, string infName, string source)
    {
        if (guest.Software.Find(LockedFiles) is not { } locked)
            return;
        // Slashes in the name are part of it: these keys have no levels.
        var key = locked.Create(file);
        key.SetDword("Class", 4);
        key.SetMultiString("Owners", infName);
        key.SetExpandString("Source", source);
    }
}
