namespace OsMigrate.VSphere.RvTools;

/// <summary>Finds a machine's rows in another sheet: by its id and server, or by its name where the sheet has no ids.</summary>
internal sealed class RvToolsIndex
{
    private static readonly IReadOnlyList<string[]> None = [];

    private readonly RvToolsSheet _machines;
    private readonly bool _byId;
    private readonly Dictionary<string, List<string[]>> _rows = new(StringComparer.OrdinalIgnoreCase);
    private readonly HashSet<string> _ambiguous = new(StringComparer.OrdinalIgnoreCase);

    /// <param name="machines">The sheet vInfo.</param>
    /// <param name="sheet">Null when the export has no such sheet.</param>
    public RvToolsIndex(RvToolsSheet machines, RvToolsSheet? sheet)
    {
        (_machines, Sheet) = (machines, sheet);
        if (sheet is null)
            return;
        _byId = machines.Has("VM ID") && sheet.Has("VM ID");
        foreach (var row in sheet.Rows)
        {
            var key = Key(sheet, row);
            if (!_rows.TryGetValue(key, out var list))
                _rows[key] = list = [];
            list.Add(row);
        }

        if (!_byId)
            _ambiguous.UnionWith(machines.Rows.GroupBy(r => Key(machines, r), StringComparer.OrdinalIgnoreCase).Where(static g => g.Skip(1).Any()).Select(static g => g.Key));
    }

    public RvToolsSheet? Sheet { get; }

    /// <summary>The rows of a machine of vInfo.</summary>
    /// <returns>Null when they cannot be told: there is no sheet, or only a name that several machines have.</returns>
    public IReadOnlyList<string[]>? Of(string[] machine)
    {
        if (Sheet is null)
            return null;
        var key = Key(_machines, machine);
        return _ambiguous.Contains(key) ? null : _rows.TryGetValue(key, out var rows) ? rows : None;
    }

    private string Key(RvToolsSheet sheet, string[] row)
    {
        var server = sheet.Text(row, "VI SDK UUID");
        if (server.Length == 0)
            server = sheet.Text(row, "VI SDK Server");
        // Ids are unique within a server only; a sheet without one is of the server that all are of.
        return (_byId ? sheet.Text(row, "VM ID") : sheet.Text(row, "VM")) + "\n" + (HasServer(sheet) && HasServer(_machines) && (Sheet is null || HasServer(Sheet)) ? server : "");
    }

    private static bool HasServer(RvToolsSheet sheet) => sheet.Has("VI SDK UUID") || sheet.Has("VI SDK Server");
}
