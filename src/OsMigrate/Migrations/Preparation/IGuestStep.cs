using OsMigrate.Disks;
using OsMigrate.Guests;
using OsMigrate.Machines;

namespace OsMigrate.Migrations.Preparation;

/// <summary>Changes a guest while its disks are on their way.</summary>
public interface IGuestStep
{
    /// <param name="disks">All disks of the machine, the boot disk first; writable, and the sources stay as they are.</param>
    /// <exception cref="Bytes.OsMigrateException">The guest cannot be prepared.</exception>
    PreparedGuest Run(Machine machine, IReadOnlyList<EditedImage> disks, GuestPreparationPlan plan, CancellationToken cancel);
}

/// <summary>What was changed in a guest.</summary>
public sealed record PreparedGuest
{
    /// <summary>The guest's system as its own disks tell it: "Windows 10 Pro". Null when it does not say.</summary>
    public string? System { get; init; }

    /// <summary>The drivers it was given, with why just these.</summary>
    public IReadOnlyList<string> Drivers { get; init; } = [];

    /// <summary>False when the medium had no network driver for this guest: then its adapter must stay one that every Windows knows.</summary>
    public bool HasNetworkDriver { get; init; } = true;

    /// <summary>Every file and registry value.</summary>
    public IReadOnlyList<GuestChange> Changes { get; init; } = [];

    public IReadOnlyList<string> Warnings { get; init; } = [];

    /// <summary>Digests of the edits of each disk, by which a run that is repeated is known to have made the same. See <see cref="EditedImage.DigestOfEdits"/>.</summary>
    public IReadOnlyList<string> EditDigests { get; init; } = [];
}
