using OsMigrate.Machines;
using OsMigrate.VSphere.Inventory;
using static OsMigrate.VSphere.Inventory.InventoryFacts;

namespace OsMigrate.Migrations.Assessment.Rules;

/// <summary>The system in the machine: does it run on KVM, with which drivers, and is it still supported?</summary>
internal static class GuestRules
{
    /// <summary>What putting drivers and first-start files into a Windows needs; Forklift asks the same of C:.</summary>
    private const long LeastFreeBytes = 100L << 20;

    private const int NearlyFullPercent = 5;

    public static IReadOnlyList<AssessmentRule> All { get; } =
    [
        new("openstack.guest.not_runnable", ConcernCategory.Critical, "System that does not run on KVM",
            "There is no supported way to run it in OpenStack.", "Replace what it does, or leave it on VMware.",
            Guest, static s => s.Guest.Release is { } r ? Finding.When(r.Virtio == VirtioSupport.NotRunnable, s.Guest.Name) : Named(s)),
        new("openstack.guest.no_virtio", ConcernCategory.Warning, "System without virtio drivers",
            "It runs on emulated IDE and e1000 hardware: slower, and at most four disks.", "Expect less speed; set hw_disk_bus=ide and hw_vif_model=e1000, or replace the system.",
            Guest, static s => s.Guest.Release is { } r ? Finding.When(r.Virtio == VirtioSupport.EmulatedOnly, s.Guest.Name) : Named(s)),
        new("openstack.guest.driver_injection", ConcernCategory.Information, "Windows gets virtio drivers on the way",
            "virtio-win drivers of this release are put in before the first start.", "Name the driver medium with -VirtioDriver when you move it.",
            Guest, static s => s.Guest.Release is { } r ? Finding.When(r.Virtio == VirtioSupport.Installable, s.Guest.Name) : Named(s)),
        new("vmware.os.unsupported", ConcernCategory.Warning, "System that is not known",
            "Whether it has virtio drivers and where they come from is not known.", "Look which system it really is; try a copy of it first.",
            Guest, static s => s.Guest.Name.Length == 0 ? Finding.Because("no system is stated") : Finding.When(s.Guest.Release is null, s.Guest.Name)),
        new("vmware.os.upgrade.recommendation", ConcernCategory.Advisory, "System whose support has ended",
            "The vendor gives no free updates any more, on VMware or elsewhere.", "Upgrade or replace it, before or after the move.",
            Guest, static s => s.Guest.Release is null ? Finding.Unknown : Finding.When(s.Guest.Release.EndOfSupport < s.Site.Now, $"{s.Guest.Name}, support ended {s.Guest.Release.SupportEnds}")),
        new("openstack.guest.mismatch", ConcernCategory.Information, "Another system than stated",
            "What runs is not what the machine is set to; settings follow what runs.", "Correct the guest OS in vSphere, or set os_distro and hw_ properties yourself.",
            Guest, static s => s.Traits.RunningGuest is null || s.Machine.GuestFullName.Length == 0 ? Finding.Unknown
                : Finding.When(Differ(s.Traits.RunningGuest, s.Machine.GuestFullName), $"set to '{s.Machine.GuestFullName}', runs '{s.Traits.RunningGuest}'")),
        new("vmware.guestDisks.freespace", ConcernCategory.Warning, "No room on the Windows system drive",
            "Drivers and the program for the first start need 100 MiB on C:; the move stops before it writes anything.", "Free some space.",
            Guest, static s => s.Guest.Family is not (GuestFamily.Windows or GuestFamily.Unknown) ? Finding.Clear : s.Traits.FileSystems is null ? Finding.Unknown
                : Finding.Of(s.Traits.FileSystems!.Where(static f => f.Path.StartsWith("C:", StringComparison.OrdinalIgnoreCase) && f.FreeBytes < LeastFreeBytes).Select(Show))),
        new("openstack.filesystem.nearly_full", ConcernCategory.Advisory, "File system nearly full",
            "A full disk makes trouble at the first start: logs and updates cannot be written.", "Free some space, or make the volume larger after the move.",
            GuestFileSystems, static s => Finding.Of(s.Traits.FileSystems!.Where(static f => f.CapacityBytes > 1L << 30 && f.FreeBytes < f.CapacityBytes / 100 * NearlyFullPercent).Select(Show))),
    ];

    /// <summary>A system that is named but not in the table is not known; one that is not named at all neither.</summary>
    private static Finding Named(RuleSubject subject) => subject.Guest.Family == GuestFamily.Linux ? Finding.Clear : Finding.Unknown;

    private static bool Differ(string runs, string set)
        => GuestReleases.Find(runs) is { } a && GuestReleases.Find(set) is { } b && (a.Family != b.Family || (a.Name.Any(char.IsDigit) && b.Name.Any(char.IsDigit) && a.Name != b.Name));

    private static string Show(GuestFileSystem f) => $"{f.Path}: {Bytes.ByteSize.Text(f.FreeBytes)} of {Bytes.ByteSize.Text(f.CapacityBytes)} free";
}
