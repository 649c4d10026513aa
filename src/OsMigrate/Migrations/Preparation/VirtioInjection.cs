using OsMigrate.Disks;
using OsMigrate.Guests;
using OsMigrate.Guests.Windows.Drivers;
using OsMigrate.Machines;

namespace OsMigrate.Migrations.Preparation;

/// <summary>Gives a Windows guest the virtio drivers, and what else it needs to start on KVM.</summary>
public sealed class VirtioInjection : IGuestStep
{
    private VirtioInjection()
    {
    }

    public static VirtioInjection Instance { get; } = new();

    public PreparedGuest Run(Machine machine, IReadOnlyList<EditedImage> disks, GuestPreparationPlan plan, CancellationToken cancel)
    {
        using var medium = VirtioMedia.Open(plan.MediumPath);
        var result = GuestPreparation.Run(new GuestDisks(disks), new PreparationOptions { Media = medium, Way = plan.Way, FirstBoot = plan.FirstBoot, Now = plan.PreparedAt, Cancel = cancel });
        var hasNetwork = result.Drivers.Any(static c => c.Driver.Name == "netkvm");
        string[] cautions = hasNetwork ? [] : ["The medium has no network driver that fits this guest: its adapter stays an emulated one."];
        return new PreparedGuest
        {
            System = result.System.ProductName,
            Drivers = result.Drivers.Select(static c => $"{c.Driver.Name} {c.Driver.Package?.DriverVersion} from '{c.Driver.Folder}': {c.Reason}").ToList(),
            HasNetworkDriver = hasNetwork,
            Changes = result.Changes,
            Warnings = [.. result.Warnings, .. cautions, .. result.Drivers.Select(static c => c.Caution).OfType<string>()],
        };
    }
}
