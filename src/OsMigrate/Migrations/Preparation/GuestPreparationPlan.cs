using OsMigrate.Guests;

namespace OsMigrate.Migrations.Preparation;

/// <summary>How a machine's guest is changed on its way: everything that a later run needs to make the same bytes again.</summary>
public sealed record GuestPreparationPlan
{
    /// <summary>Full path of the ISO or folder with the virtio drivers.</summary>
    public required string MediumPath { get; init; }

    /// <summary>Release of the drivers as the medium's label says it; null when it says none.</summary>
    public string? MediumRelease { get; init; }

    public InjectionWay Way { get; init; }

    /// <summary>What is done when the guest starts for the first time; null for nothing, as in jobs of versions that could not do it.</summary>
    public FirstBootOptions? FirstBoot { get; init; }

    /// <summary>What the guest's clock shows while it is changed, UTC: times of files and of registry keys. Kept, so that a job that goes on writes the same.</summary>
    public required DateTime PreparedAt { get; init; }

    /// <summary>What will be done, one sentence, for -WhatIf.</summary>
    internal string Text => $"Inject virtio drivers from '{Path.GetFileName(MediumPath.TrimEnd('/', '\\'))}'{(MediumRelease is null ? "" : $" (virtio-win {MediumRelease})")}.";
}
