using OsMigrate.Guests.Windows;
using OsMigrate.Guests.Windows.Drivers;
using OsMigrate.Guests.Windows.Injection;

namespace OsMigrate.Guests;

/// <summary>How drivers are registered.</summary>
public enum InjectionWay
{
    /// <summary>As pnputil would have left it: driver store, driver database, services with all that the INF says.</summary>
    Complete,

    /// <summary>Only what makes the storage driver start at boot, and a folder with the others, as virt-v2v does.</summary>
    Minimal,
}

/// <summary>What a guest is given.</summary>
public sealed record PreparationOptions
{
    /// <summary>Where drivers come from; null for none.</summary>
    public VirtioMedia? Media { get; init; }

    public InjectionWay Way { get; init; }

    /// <summary>What is done when the guest starts for the first time; null for nothing.</summary>
    public FirstBootOptions? FirstBoot { get; init; } = new();

    /// <summary>Time stamp of everything that is written; UTC. The same stamp gives the same bytes.</summary>
    public DateTime Now { get; init; } = DateTime.UtcNow;

    public CancellationToken Cancel { get; init; }
}

/// <summary>Something that was changed inside a guest.</summary>
/// <param name="Where">A path, or a registry key with its hive in front.</param>
/// <param name="What">"made", "replaced", or the value with what it was and is.</param>
public sealed record GuestChange(string Where, string What)
{
    public override string ToString() => $"{Where}: {What}";
}

/// <summary>What was done to a guest.</summary>
public sealed record PreparationResult(GuestOperatingSystem System, IReadOnlyList<GuestChange> Changes, IReadOnlyList<string> Warnings)
{
    /// <summary>The drivers that were given, with why just these.</summary>
    public IReadOnlyList<VirtioChoice> Drivers { get; init; } = [];
}

/// <summary>Makes a guest fit to start on KVM.</summary>
public static class GuestPreparation
{
    /// <exception cref="OsMigrate.Bytes.OsMigrateException"><see cref="OsMigrate.Bytes.ErrorIds.GuestNotFit"/>: the guest cannot be prepared as it is, with all reasons; nothing was changed.</exception>
    public static PreparationResult Run(GuestDisks disks, PreparationOptions options)
    {
        var (system, windows) = GuestInspection.Run(disks, options.Now);
        GuestInspection.RequireFit(system);
        var guest = windows ?? throw GuestInspection.NotFit(system);
        return options.Media is null ? new PreparationResult(system, [], []) : new WindowsPreparation(guest, system, options).Run(disks);
    }
}
