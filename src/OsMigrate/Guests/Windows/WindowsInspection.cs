using System.Globalization;
using OsMigrate.Bytes;
using OsMigrate.FileSystems.Ntfs;
using OsMigrate.Registry;

namespace OsMigrate.Guests.Windows;

/// <summary>Reads what a Windows tells of itself.</summary>
internal static class WindowsInspection
{
    private const string CurrentVersion = @"Microsoft\Windows NT\CurrentVersion";
    private const long LeastFreeBytes = 100L << 20;

    public static GuestOperatingSystem Run(WindowsGuest guest, GuestOperatingSystem basis, List<GuestFinding> findings, GuestDisks disks)
    {
        var facts = basis with
        {
            Family = "windows",
            SystemDisk = guest.Volume.Disk,
            SystemVolume = guest.Volume.Where,
            SystemRoot = guest.SystemRoot,
            Architecture = ArchitectureOf(guest),
            FreeBytes = guest.Files.FreeBytes,
        };
        State(guest.Files, facts, findings);
        try
        {
            facts = FromHives(guest, facts, findings, disks);
        }
        catch (OsMigrateException e)
        {
            // What was found out so far is still worth showing.
            findings.Add(new(GuestFindingKind.Blocker, "Guest.Registry", $"The registry cannot be read: {e.Message}", "Start and shut down the guest once; if that does not help, repair it there."));
        }

        return facts with { Findings = findings };
    }

    private static GuestOperatingSystem FromHives(WindowsGuest guest, GuestOperatingSystem facts, List<GuestFinding> findings, GuestDisks disks)
    {
        var version = guest.Software.Find(CurrentVersion);
        var numbers = VersionOf(version);
        var type = version?.Value("InstallationType")?.AsString();
        var product = version?.Value("ProductName")?.AsString() ?? "";
        var isServer = type is not null ? type.StartsWith("Server", StringComparison.OrdinalIgnoreCase) : product.IndexOf("Server", StringComparison.OrdinalIgnoreCase) >= 0;
        var release = WindowsReleases.Find(numbers.Major, numbers.Minor, numbers.Build, isServer);
        if (release is null)
            findings.Add(new(GuestFindingKind.Blocker, "Guest.UnknownRelease", $"This release of Windows ({(product.Length > 0 ? product + ", " : "")}{numbers}) is not known."));
        if (facts.Architecture is null)
            findings.Add(new(GuestFindingKind.Blocker, "Guest.Architecture", "The processor architecture cannot be told from System32\\cmd.exe."));
        else if (facts.Architecture == "arm64")
            findings.Add(new(GuestFindingKind.Warning, "Guest.Arm64", "This is a Windows for ARM64: it needs compute hosts of that architecture."));
        Hives(guest, findings);
        WindowsState.Add(guest, findings);
        var services = Services(guest);
        return facts with
        {
            ProductName = product,
            Edition = version?.Value("EditionID")?.AsString(),
            InstallationType = type,
            Version = numbers,
            Release = release,
            HostName = guest.Current(@"Control\ComputerName\ComputerName")?.Value("ComputerName")?.AsString(),
            ControlSet = guest.ControlSet,
            DriveLetters = DriveLetters.Read(guest.System, disks),
            BootServices = services,
            HypervisorSoftware = HypervisorSoftware.Find(guest),
            HasVirtioStorage = services.Any(static s => s.Start == 0 && s.Name.ToLowerInvariant() is "viostor" or "vioscsi"),
            StaticAddresses = StaticAddressReader.Read(guest),
        };
    }

    /// <remarks>CurrentMajorVersionNumber exists from Windows 10 on; CurrentVersion stays at 6.3 there.</remarks>
    private static Version VersionOf(HiveKey? key)
    {
        _ = int.TryParse(key?.Value("CurrentBuildNumber")?.AsString() ?? key?.Value("CurrentBuild")?.AsString(), NumberStyles.None, CultureInfo.InvariantCulture, out var build);
        if (key?.Value("CurrentMajorVersionNumber")?.AsDword() is { } major)
            return new Version((int)Math.Min(major, 1000), (int)Math.Min(key.Value("CurrentMinorVersionNumber")?.AsDword() ?? 0, 1000), Math.Max(0, build));
        return Version.TryParse(key?.Value("CurrentVersion")?.AsString() ?? "", out var old) ? new Version(old.Major, Math.Max(0, old.Minor), Math.Max(0, build)) : new Version(0, 0, Math.Max(0, build));
    }

    /// <summary>From the PE header of cmd.exe. Source: Microsoft, "PE Format", "Machine Types".</summary>
    private static string? ArchitectureOf(WindowsGuest guest)
    {
        using var program = guest.Files.Find(guest.Below(@"System32\cmd.exe"))!.OpenContent();
        if (program.Length < 0x40)
            return null;
        var at = BitConverter.ToUInt32(program.ReadBytes(0x3C, 4), 0);
        if (at > program.Length - 6 || !program.ReadBytes(at, 4).AsSpan().SequenceEqual("PE\0\0"u8))
            return null;
        return BitConverter.ToUInt16(program.ReadBytes(at + 4, 2), 0) switch { 0x014C => "x86", 0x8664 => "amd64", 0xAA64 => "arm64", _ => null };
    }

    private static void State(NtfsVolume files, GuestOperatingSystem facts, List<GuestFinding> findings)
    {
        if (files.Hibernation == HibernationState.Hibernated)
            findings.Add(new(GuestFindingKind.Blocker, "Guest.Hibernated", "Windows is hibernated, or was shut down with fast startup.", "Start it and shut it down with: shutdown /s /t 0 (and turn fast startup off: powercfg /h off)."));
        else if (files.LogFile is LogFileState.Unclean or LogFileState.Damaged)
            findings.Add(new(GuestFindingKind.Blocker, "Guest.UncleanVolume", $"The system volume was not closed in order: its log is {(files.LogFile == LogFileState.Damaged ? "damaged" : "not played back")}.", "Start Windows and shut it down in order; a running machine must be shut down before its disks are moved."));
        if (files.IsDirty)
            findings.Add(new(GuestFindingKind.Blocker, "Guest.DirtyVolume", "The system volume is marked for a check.", "Run chkdsk C: /f in the guest."));
        if (facts.FreeBytes < LeastFreeBytes)
            findings.Add(new(GuestFindingKind.Blocker, "Guest.NoSpace", $"The system volume has only {ByteSize.Text(facts.FreeBytes)} left; {ByteSize.Text(LeastFreeBytes)} are needed.", "Make room in the guest."));
    }

    private static void Hives(WindowsGuest guest, List<GuestFinding> findings)
    {
        foreach (var (name, hive) in new[] { ("SYSTEM", guest.System), ("SOFTWARE", guest.Software) })
        {
            if (hive.LogsReplayed)
                findings.Add(new(GuestFindingKind.Note, "Guest.HiveLogs", $"Changes to the registry hive {name} that waited in its log were taken in."));
            else if (hive.IsDirty)
                findings.Add(new(GuestFindingKind.Warning, "Guest.DirtyHive", $"The registry hive {name} was not written out completely, and no usable log is beside it.", "Start Windows and shut it down in order if you can."));
        }
    }

    private static List<GuestService> Services(WindowsGuest guest)
        => (guest.Current("Services")?.SubKeys ?? []).Select(static k => new GuestService(k.Name, k.Value("Start")?.AsDword() ?? uint.MaxValue, k.Value("ImagePath")?.AsString()))
            .Where(static s => s.Start <= 2).OrderBy(static s => s.Start).ThenBy(static s => s.Name, StringComparer.OrdinalIgnoreCase).ToList();
}
