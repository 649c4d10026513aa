namespace OsMigrate.Migrations.Assessment;

/// <summary>How large a wave may be.</summary>
public sealed record WaveLimits
{
    public int MaxMachines { get; init; } = 50;

    public TimeSpan MaxDuration { get; init; } = TimeSpan.FromHours(8);

    /// <summary>Machines of the first wave, which shows that everything works; 0 for no such wave.</summary>
    public int PilotMachines { get; init; } = 5;
}
