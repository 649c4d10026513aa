using OsMigrate.Registry;

namespace OsMigrate.Guests.Windows;

/// <summary>States of an installed Windows that can get in the way of new drivers.</summary>
internal static class WindowsState
{
    private const string Restrictions = @"Policies\Microsoft\Windows\DeviceInstall\Restrictions";

    public static void Add(WindowsGuest guest, List<GuestFinding> findings)
    {
        if (PendingReboot(guest) is { } pending)
            findings.Add(new(GuestFindingKind.Warning, "Guest.PendingReboot", $"Windows waits for a restart ({pending}).", "Restart it before moving it: what it does then may collide with new drivers."));
        if (guest.Software.Find(Restrictions) is { } policy && policy.Values.Any(static v => v.Name.StartsWith("Deny", StringComparison.OrdinalIgnoreCase) && v.AsDword() is > 0))
            findings.Add(new(GuestFindingKind.Warning, "Guest.DriverPolicy", "A group policy restricts the installation of devices; drivers for other devices than disks may be refused at the first start.", "Allow the vendor id PCI\\VEN_1AF4 in the policy 'Device Installation Restrictions'."));
        if (guest.Files.Find(guest.Below(@"System32\Recovery\winre.wim")) is not null)
            findings.Add(new(GuestFindingKind.Note, "Guest.RecoveryImage", "The recovery environment (winre.wim) gets no drivers: it will not see virtio disks."));
        if (HasClockInUtc(guest))
            findings.Add(new(GuestFindingKind.Note, "Guest.ClockInUtc", "Windows takes its hardware clock for UTC (RealTimeIsUniversal).", "On compute hosts whose time zone is not UTC its clock is wrong until it synchronises: remove the value, or the image property os_type."));
        if (guest.Current(@"Services\xenfilt") is not null || guest.Current(@"Services\xenbus") is not null)
            findings.Add(new(GuestFindingKind.Note, "Guest.XenDrivers", "Drivers of Xen are installed; they are turned off when the guest is prepared."));
    }

    /// <summary>OpenStack gives servers of os_type windows a hardware clock in the host's own time zone; with this value Windows takes it for UTC.</summary>
    private static bool HasClockInUtc(WindowsGuest guest)
        => guest.Current(@"Control\TimeZoneInformation")?.Value("RealTimeIsUniversal") is { } value && (value.AsQword() ?? value.AsDword()) is > 0;

    private static string? PendingReboot(WindowsGuest guest)
    {
        var software = guest.Software;
        if (software.Find(@"Microsoft\Windows\CurrentVersion\Component Based Servicing\RebootPending") is not null)
            return "component servicing";
        if (software.Find(@"Microsoft\Windows\CurrentVersion\WindowsUpdate\Auto Update\RebootRequired") is not null)
            return "Windows Update";
        return guest.Current(@"Control\Session Manager")?.Value("PendingFileRenameOperations") is { Type: RegistryValueType.MultiString } renames && renames.AsMultiString().Count > 0 ? "files to be renamed" : null;
    }
}
