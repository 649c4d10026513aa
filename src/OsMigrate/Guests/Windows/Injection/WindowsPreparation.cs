using OsMigrate.Bytes;
using OsMigrate.Guests.Windows.Drivers;
using OsMigrate.Guests.Windows.FirstBoot;
using OsMigrate.Guests.Windows.Inf;
using OsMigrate.Registry;

namespace OsMigrate.Guests.Windows.Injection;

/// <summary>All that is changed in a Windows so that it starts on KVM.</summary>
internal sealed class WindowsPreparation(WindowsGuest guest, GuestOperatingSystem system, PreparationOptions options)
{
    private readonly List<GuestChange> _changes = [];

    /// <summary>INF files in the folder where Plug and Play looks: paths below the system root.</summary>
    private readonly List<string> _laidOut = [];

    private readonly List<string> _warnings = [.. system.Findings.Where(static f => f.Kind == GuestFindingKind.Warning).Select(static f => f.ToString())];

    public PreparationResult Run(GuestDisks disks)
    {
        var release = system.Release!;
        var target = new TargetSystem(system.Architecture!, release.Major, release.Minor, system.Version!.Build, release.IsServer);
        var choices = options.Media!.Choose(release, target.Build, target.Architecture);
        var storage = choices.Where(static c => StorageDrivers.IsStorage(c.Driver)).ToList();
        if (storage.Count == 0)
            throw new OsMigrateException(ErrorIds.DriverNotFound, ErrorKind.NotFound, $"'{options.Media.Name}' has no storage driver (viostor, vioscsi) for {release.Name} on {target.Architecture}.", options.Media.Name);
        var files = new GuestFiles(guest.Files, _changes);
        var modern = guest.System.Find("DriverDatabase") is not null;
        if (options.Way == InjectionWay.Complete && modern)
            choices = Complete(choices, target, files);
        else
            FolderAndBoot(choices, storage, target, files, modern);
        // What virt-v2v left is in the way of what is registered now.
        if (options.Way == InjectionWay.Complete && modern)
            GuestorRemoval.Run(guest);
        Around.Apply(guest);
        if (options.FirstBoot is { } firstBoot)
            new FirstBootInstall(guest, system, firstBoot, _changes, _warnings).Run(_laidOut, disks.Stores.Count);
        EfiRepair.Run(disks, _changes, _warnings, options.Now);
        SaveHives(guest, _changes);
        return new PreparationResult(system, _changes, _warnings) { Drivers = choices };
    }

    private List<VirtioChoice> Complete(IReadOnlyList<VirtioChoice> choices, TargetSystem target, GuestFiles files)
    {
        var injection = new CompleteInjection(guest, target, files, _warnings);
        var installed = new List<VirtioChoice>();
        foreach (var choice in choices)
        {
            options.Cancel.ThrowIfCancellationRequested();
            if (choice.Caution is { } caution)
                _warnings.Add($"{choice.Driver.Name}: {caution}");
            // What is not needed to start, and known or likely to be refused, is better left to the administrator.
            if (choice.Driver.Package is null || (choice.Caution is not null && !choice.Driver.IsEssential))
                continue;
            injection.Install(choice.Driver);
            installed.Add(choice);
        }

        // What cannot be registered is laid where Plug and Play looks when it meets the device.
        var loose = choices.Where(static c => c.Driver.Package is null).ToList();
        if (loose.Count > 0)
            LayOut(loose, files);
        if (!installed.Exists(static c => StorageDrivers.IsStorage(c.Driver)))
            throw new OsMigrateException(ErrorIds.DriverPackage, ErrorKind.InvalidData, $"No storage driver of '{options.Media!.Name}' can be installed: {string.Join("; ", _warnings)}", options.Media.Name);
        return installed;
    }

    /// <summary>virt-v2v's way, and the only one before Windows 8: one storage driver registered by hand, all others in a folder where Plug and Play looks.</summary>
    private void FolderAndBoot(IReadOnlyList<VirtioChoice> choices, List<VirtioChoice> storage, TargetSystem target, GuestFiles files, bool modern)
    {
        LayOut(choices, files);
        // The minimal way knows one driver; before Windows 8 the complete one registers both with all ids of their INF.
        var all = options.Way == InjectionWay.Complete;
        foreach (var driver in storage.Select(static c => c.Driver).OrderByDescending(static d => d.Name == "viostor").Take(all ? 2 : 1))
        {
            files.Put(guest.Below($@"System32\drivers\{driver.Name}.sys"), driver.File(driver.Name + ".sys"));
            if (all && driver.Package is { } package && package.ModelsFor(target) is { Count: > 0 } models && package.InstallFor(models[0], target).FunctionService is { } service)
                ServiceRegistration.Write(guest.System.Root.Create($@"{guest.ControlSet}\Services"), service, null, null);
            else
                StorageDrivers.WriteService(guest, driver.Name);
            if (modern)
                StorageDrivers.WritePackage(guest, driver.Name, target.Architecture);
            else
                StorageDrivers.WriteCriticalDevices(guest, driver.Name, all ? AllIds(driver, target) : StorageDrivers.Ids(driver.Name));
        }
    }

    private void LayOut(IEnumerable<VirtioChoice> choices, GuestFiles files)
    {
        foreach (var driver in choices.Select(static c => c.Driver))
        {
            foreach (var file in driver.Files)
                files.Put(guest.Below($@"Drivers\VirtIO\{file.Name.ToLowerInvariant()}"), file);
            _laidOut.Add($@"Drivers\VirtIO\{driver.InfName.ToLowerInvariant()}");
        }

        ExtendDevicePath();
    }

    private static IEnumerable<string> AllIds(VirtioDriver driver, TargetSystem target)
        => StorageDrivers.Ids(driver.Name).Concat((driver.Package?.ModelsFor(target) ?? []).SelectMany(static m => m.CompatibleIds.Prepend(m.HardwareId))
            .Where(static id => id.StartsWith(@"PCI\", StringComparison.OrdinalIgnoreCase)).Select(static id => id.Substring(4))).Distinct(StringComparer.OrdinalIgnoreCase);

    private void ExtendDevicePath()
    {
        const string Folder = @"%SystemRoot%\Drivers\VirtIO";
        if (guest.Software.Find(@"Microsoft\Windows\CurrentVersion") is not { } key || key.Value("DevicePath") is not { } path || path.AsString().IndexOf(Folder, StringComparison.OrdinalIgnoreCase) >= 0)
            return;
        if (path.Type == RegistryValueType.String)
            key.SetString("DevicePath", $"{path.AsString()};{Folder}");
        else
            key.SetExpandString("DevicePath", $"{path.AsString()};{Folder}");
    }

    /// <summary>Writes the hives that were changed, and lists what is different in them.</summary>
    internal static void SaveHives(WindowsGuest guest, List<GuestChange> changes)
    {
        var files = new GuestFiles(guest.Files, changes);
        foreach (var hive in guest.EditedHives.ToList())
        {
            changes.AddRange(RegistryChanges.Between(guest.Unedited(hive.Key), hive.Value, hive.Key));
            files.Put(guest.PathOf(hive.Key), new MemoryStore(hive.Value.ToArray()));
        }
    }
}
