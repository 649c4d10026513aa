namespace OsMigrate.Benchmarks;

/// <summary>One line of the table: a conversion by us, the same by another program, and the goal.</summary>
/// <param name="Name">What is converted into what.</param>
/// <param name="Source">Makes the source on first use; its path.</param>
/// <param name="Target">File name of what is written.</param>
internal sealed record Benchmark(string Name, Func<string> Source, string Target)
{
    /// <summary>Arguments of <see cref="ChildRun"/> behind source and target: format, compression, verify, checksums.</summary>
    public required string[] Ours { get; init; }

    /// <summary>The other program and its arguments; {source} and {target} are filled in. Null when there is nothing to compare with.</summary>
    public string[]? Theirs { get; init; }

    /// <summary>How the table calls the other side.</summary>
    public string TheirName { get; init; } = "";

    /// <summary>Their time divided by ours must reach this. Null: no such goal.</summary>
    public double? MinSpeedup { get; init; }

    /// <summary>Our time must stay below. Null: no such goal.</summary>
    public double? MaxSeconds { get; init; }

    /// <summary>Our file divided by theirs must stay below. Null: no such goal.</summary>
    public double? MaxSizeRatio { get; init; }

    /// <summary>Our peak memory must stay below.</summary>
    public long MaxPeakBytes { get; init; } = 200L << 20;

    /// <summary>Check with qemu-img that both targets hold the same disk.</summary>
    public bool Compare { get; init; } = true;
}

/// <summary>What was measured. Seconds are medians.</summary>
internal sealed record Measurement
{
    public double? OurSeconds { get; init; }

    public double? TheirSeconds { get; init; }

    /// <summary>Fastest and slowest of our rounds.</summary>
    public (double Fastest, double Slowest) OurRange { get; init; }

    public (double Fastest, double Slowest) TheirRange { get; init; }

    /// <summary>Median processor time of the whole processes.</summary>
    public (double Ours, double Theirs) CpuSeconds { get; init; }

    /// <summary>Largest resident set of any round, whole process with its runtime.</summary>
    public long OurPeakBytes { get; init; }

    public long TheirPeakBytes { get; init; }

    /// <summary>Bytes the target occupies (uncompressed images: what is allocated).</summary>
    public long OurSizeBytes { get; init; }

    public long TheirSizeBytes { get; init; }

    /// <summary>Why there is nothing, or what differed.</summary>
    public string? Problem { get; init; }
}
