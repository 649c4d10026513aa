using OsMigrate.Guests;
using OsMigrate.Guests.Windows.Drivers;
using OsMigrate.Machines;

namespace OsMigrate.Migrations.Preparation;

/// <summary>What a user wants of the drivers in Windows guests.</summary>
public sealed record DriverWish
{
    /// <summary>Full path of an ISO or folder with virtio drivers; null to leave guests as they are.</summary>
    public string? MediumPath { get; init; }

    public InjectionWay Way { get; init; }

    /// <summary>What is done when the guest starts for the first time; null for nothing.</summary>
    public FirstBootOptions? FirstBoot { get; init; } = new();

    /// <summary>The user knows that nothing is injected and wants no word about it.</summary>
    public bool Skip { get; init; }

    /// <summary>Decides for one machine. Looks at the medium, not at the disks.</summary>
    /// <returns>Null when the guest stays as it is.</returns>
    /// <exception cref="Bytes.OsMigrateException">The medium does not exist or has no drivers.</exception>
    internal GuestPreparationPlan? PlanFor(Machine machine, ICollection<string> warnings)
    {
        if (Skip)
            return null;
        if (MediumPath is null)
        {
            if (machine.Os.Family == GuestFamily.Windows)
                warnings.Add("This Windows guest gets no virtio drivers: unless it has them already it will not start from a virtio disk, and IDE, SATA and e1000 are slow. Give them with -VirtioDriver (Save-VirtioDriver downloads them, Get-VirtioDriver shows what a medium offers), or say -SkipDriverInjection.");
            return null;
        }

        if (machine.Os.Family is GuestFamily.Linux or GuestFamily.Other)
        {
            warnings.Add($"No drivers are injected: the machine is described as {machine.Os.Name ?? machine.Os.Family.ToString()}.");
            return null;
        }

        using var medium = VirtioMedia.Open(MediumPath);
        if (medium.Drivers.Count == 0)
            throw new Bytes.OsMigrateException(Bytes.ErrorIds.DriverNotFound, Bytes.ErrorKind.NotFound, $"'{MediumPath}' has no drivers: no INF file was found on it.", MediumPath);
        FirstBoot?.Check();
        var now = DateTime.UtcNow;
        return new GuestPreparationPlan
        {
            MediumPath = MediumPath,
            Way = Way,
            FirstBoot = FirstBoot,
            MediumRelease = medium.Release?.ToString(),
            // Whole seconds: a time that every file system and record keeps.
            PreparedAt = new DateTime(now.Ticks - (now.Ticks % TimeSpan.TicksPerSecond), DateTimeKind.Utc),
        };
    }
}
