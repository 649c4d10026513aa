using OsMigrate.Guests.Windows;
using OsMigrate.Guests.Windows.Injection;

namespace OsMigrate.Guests;

/// <summary>Mends what conversions by other tools left behind in a guest.</summary>
public static class GuestRepair
{
    /// <summary>Removes the half package "guestor.inf" of virt-v2v, which stops pnputil and in-place upgrades.</summary>
    /// <param name="now">Time stamp of what is written; UTC.</param>
    /// <returns>What was changed; empty when there was nothing to do.</returns>
    /// <exception cref="Bytes.OsMigrateException"><see cref="Bytes.ErrorIds.GuestNotFit"/>: the guest cannot be changed as it is, or would not start any more; nothing was changed.</exception>
    public static PreparationResult Run(GuestDisks disks, DateTime now)
    {
        var (system, windows) = GuestInspection.Run(disks, now);
        GuestInspection.RequireFit(system);
        var guest = windows ?? throw GuestInspection.NotFit(system);
        var changes = new List<GuestChange>();
        if (GuestorRemoval.Run(guest))
            WindowsPreparation.SaveHives(guest, changes);
        return new PreparationResult(system, changes, []);
    }
}
