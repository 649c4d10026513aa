namespace OsMigrate.Registry;

/// <summary>Collects what a check notices, bounded.</summary>
internal sealed class HiveFindings(string name)
{
    /// <summary>A hostile hive could give millions.</summary>
    private const int Most = 1000;

    private readonly List<HiveFinding> _findings = [];
    private readonly int[] _counts = new int[3];

    /// <summary>Findings in the order they were made; those of one severity beyond the first thousand are only counted.</summary>
    public IReadOnlyList<HiveFinding> All => _findings;

    public int ErrorCount => _counts[(int)HiveSeverity.Error];

    public void Error(int cell, string what, CheckedKey? key = null) => Add(HiveSeverity.Error, HiveFormat.BaseBlockLength + (long)cell, what, key);

    public void Warning(int cell, string what, CheckedKey? key = null) => Add(HiveSeverity.Warning, HiveFormat.BaseBlockLength + (long)cell, what, key);

    /// <param name="offset">Bytes from the beginning of the file.</param>
    public void Add(HiveSeverity severity, long offset, string what, CheckedKey? key = null)
    {
        if (++_counts[(int)severity] <= Most)
            _findings.Add(new HiveFinding(severity, offset, what, key?.Path));
    }

    public HiveReport Report(HiveImage image, CheckedCells cells, int keys, int values) => new()
    {
        Name = name,
        Findings = [.. _findings.OrderByDescending(finding => finding.Severity)],
        ErrorCount = ErrorCount,
        WarningCount = _counts[(int)HiveSeverity.Warning],
        FormatVersion = $"{(uint)BaseBlock.Get(image.Header, BaseBlock.Major)}.{(uint)BaseBlock.Get(image.Header, BaseBlock.Minor)}",
        IsDirty = !BaseBlock.IsComplete(image.Header) || !BaseBlock.HasRightSum(image.Header),
        KeyCount = keys,
        ValueCount = values,
        Length = image.Length,
        FreeBytes = cells.FreeBytes,
        LeakedBytes = cells.LeakedBytes,
    };
}
