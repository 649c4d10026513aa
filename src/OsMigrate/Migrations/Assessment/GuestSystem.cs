using OsMigrate.Machines;
using OsMigrate.VSphere.Inventory;

namespace OsMigrate.Migrations.Assessment;

/// <summary>The system in a machine as far as its owner or VMware Tools tell, and what is known of its release.</summary>
/// <param name="Name">For people; "" when nothing is said.</param>
/// <param name="Release">Null for a system that is not in <see cref="GuestReleases"/>.</param>
internal sealed record GuestSystem(string Name, GuestFamily Family, GuestRelease? Release)
{
    public static GuestSystem Of(InventoryMachine item)
    {
        var os = GuestOsIds.FromVendor(item.Machine.GuestId);
        // What Tools found running is nearer to the truth than what was chosen when the machine was made.
        var names = new[] { item.Traits.RunningGuest, item.Machine.GuestFullName, os.Name }.Where(static n => n is { Length: > 0 }).Select(static n => n!).ToList();
        var release = names.Select(GuestReleases.Find).FirstOrDefault(static r => r is not null);
        var family = release?.Family ?? (os.Family != GuestFamily.Unknown ? os.Family : names.Select(GuestOsIds.FamilyOf).FirstOrDefault(static f => f != GuestFamily.Unknown));
        return new GuestSystem(release?.Name ?? names.FirstOrDefault() ?? "", family, release);
    }
}
