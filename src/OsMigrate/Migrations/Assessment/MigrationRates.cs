namespace OsMigrate.Migrations.Assessment;

/// <summary>How fast a machine is moved: what times are estimated from.</summary>
public sealed record MigrationRates
{
    /// <summary>One machine, from its first byte read to its last byte sent.</summary>
    /// <remarks>100 MiB/s is published of Red Hat's lab for one cold machine (Migration Toolkit for Virtualization, performance recommendations: 35 GiB in 6 minutes).</remarks>
    public double CopyMiBPerSecond { get; init; } = 100;

    /// <summary>All machines that are under way together.</summary>
    /// <remarks>290 MiB/s is published of the same lab for 20 and more machines of one ESXi host.</remarks>
    public double TotalMiBPerSecond { get; init; } = 290;

    /// <summary>From an image to a volume, inside the cloud.</summary>
    /// <remarks>30 MB/s is the slow end of what operators report (sapcc/helm-charts 1968: 2 TB in 18.5 hours); clouds that clone images are done at once.</remarks>
    public double VolumeMiBPerSecond { get; init; } = 30;

    /// <summary>Of each machine, whatever its size: shutdown, drivers, ports, first start.</summary>
    /// <remarks>An assumption; measured jobs replace it.</remarks>
    public TimeSpan Overhead { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>Machines that are moved at the same time.</summary>
    /// <remarks>More than 10 for one host gained nothing in the same lab.</remarks>
    public int ParallelCount { get; init; } = 4;

    /// <summary>Where the numbers come from, for people.</summary>
    public string Source { get; init; } = "published figures: 100 MiB/s a machine, 290 MiB/s in all, 30 MiB/s from image to volume, 5 minutes each (assumed)";

    /// <summary>Time that one machine takes when it has the line for itself.</summary>
    /// <param name="bytes">What has to be copied.</param>
    public TimeSpan Of(long bytes)
    {
        var mib = bytes / 1048576.0;
        return Overhead + Seconds((mib / CopyMiBPerSecond) + (mib / VolumeMiBPerSecond));
    }

    /// <summary>Time that machines take together, as many at a time as there are lanes, over a line that has an end.</summary>
    public TimeSpan Of(IReadOnlyList<long> machines)
    {
        if (machines.Count == 0)
            return TimeSpan.Zero;
        var lanes = new long[Math.Max(1, Math.Min(ParallelCount, machines.Count))];
        // The longest first, each to the lane that is free next.
        foreach (var time in machines.Select(m => Of(m).Ticks).OrderByDescending(static t => t))
            lanes[Array.IndexOf(lanes, lanes.Min())] += time;
        var line = Seconds(machines.Sum(static m => m / 1048576.0) / TotalMiBPerSecond);
        return TimeSpan.FromTicks(Math.Max(lanes.Max(), line.Ticks));
    }

    private static TimeSpan Seconds(double seconds) => TimeSpan.FromSeconds(Math.Min(seconds, 3.15e9));
}
