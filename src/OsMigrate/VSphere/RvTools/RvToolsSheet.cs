namespace OsMigrate.VSphere.RvTools;

/// <summary>One sheet: its columns by the names that versions of RVTools have had for them, and its rows as text.</summary>
internal sealed class RvToolsSheet
{
    private static readonly Dictionary<string, string> Renamed = new(StringComparer.Ordinal)
    {
        ["disk.enableuuid"] = "enableuuid",
        ["vcenter uuid"] = "vi sdk uuid",
        ["vi sdk server uuid"] = "vi sdk uuid",
        ["vmref"] = "vm id",
        ["cpu"] = "cpus",
        ["# cpus"] = "cpus",
        ["nic type"] = "adapter",
        ["mac-address"] = "mac address",
        ["ip address"] = "ipv4 address",
        ["date/time"] = "date / time",
    };

    private readonly Dictionary<string, int> _columns = new(StringComparer.Ordinal);
    private readonly Dictionary<string, int?> _asked = new(StringComparer.Ordinal);
    private readonly Dictionary<string, int> _bad = new(StringComparer.Ordinal);

    public RvToolsSheet(string name, IReadOnlyList<string> headers, IReadOnlyList<string[]> rows)
    {
        (Name, Rows) = (name, rows);
        // A sheet may have both the old name and the new one, VMRef and VM ID: then the old one is another column.
        foreach (var (header, i) in headers.Select(static (h, i) => (Plain(h), i)).OrderBy(static h => Renamed.ContainsKey(h.Item1)))
        {
            var key = Normal(header);
            // Custom attributes follow RVTools' own columns and may have the same names: the first one counts.
            if (key.Length > 0 && !_columns.ContainsKey(key))
                _columns[key] = i;
        }
    }

    /// <summary>"vInfo"</summary>
    public string Name { get; }

    public IReadOnlyList<string[]> Rows { get; }

    /// <summary>Columns in which something else than a number stood, with how often.</summary>
    public IReadOnlyDictionary<string, int> NoNumbers => _bad;

    public bool Has(string column) => Column(column) is not null;

    public string Text(string[] row, string column) => Column(column) is { } at && at < row.Length ? row[at].Trim() : "";

    public bool? Bool(string[] row, string column) => RvToolsCells.Bool(Text(row, column));

    public DateTime? Date(string[] row, string column) => RvToolsCells.Date(Text(row, column));

    public double? Number(string[] row, string column)
    {
        var text = Text(row, column);
        if (text.Length == 0)
            return null;
        var number = RvToolsCells.Number(text);
        if (number is null)
            _bad[column] = _bad.TryGetValue(column, out var times) ? times + 1 : 1;
        return number;
    }

    public long? Whole(string[] row, string column) => Number(row, column) is { } number ? (long)number : null;

    /// <summary>A column in MiB; older versions wrote MB and meant the same.</summary>
    /// <returns>Bytes; null when it says nothing or more than there can be.</returns>
    public long? Bytes(string[] row, string column) => Number(row, column) is { } number and < 8_796_093_022_208 ? (long)(number * 1_048_576) : null;

    private int? Column(string column)
    {
        if (!_asked.TryGetValue(column, out var at))
            _asked[column] = at = _columns.TryGetValue(Normal(column), out var found) ? found : null;
        return at;
    }

    private static string Normal(string header) => Renamed.TryGetValue(Plain(header), out var now) ? now : Plain(header);

    private static string Plain(string header)
        => string.Join(" ", header.ToLowerInvariant().Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries).Select(static w => w == "mb" ? "mib" : w));
}
