namespace OsMigrate.Registry;

/// <summary>What a full check of a hive found.</summary>
public sealed record HiveReport
{
    public required string Name { get; init; }

    /// <summary>The first findings, errors first.</summary>
    public required IReadOnlyList<HiveFinding> Findings { get; init; }

    /// <summary>All errors, also those beyond what <see cref="Findings"/> holds.</summary>
    public required int ErrorCount { get; init; }

    public required int WarningCount { get; init; }

    /// <summary>True without errors.</summary>
    public bool IsSound => ErrorCount == 0;

    public string FormatVersion { get; init; } = "";

    public bool IsDirty { get; init; }

    public int KeyCount { get; init; }

    public int ValueCount { get; init; }

    /// <summary>Bytes in the file.</summary>
    public long Length { get; init; }

    /// <summary>Bytes in free cells.</summary>
    public long FreeBytes { get; init; }

    /// <summary>Bytes in cells that are used but that nothing points to.</summary>
    public long LeakedBytes { get; init; }
}
