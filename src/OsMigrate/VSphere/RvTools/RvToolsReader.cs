using OsMigrate.Bytes;
using OsMigrate.VSphere.Inventory;

namespace OsMigrate.VSphere.RvTools;

/// <summary>Reads exports of RVTools: a workbook, or the CSV files of one export together.</summary>
/// <remarks>Sheets and columns as RVTools 3.11 to 4.7 write them. Newer columns that are not known are left alone, missing ones make what they would tell unknown.</remarks>
public static class RvToolsReader
{
    /// <summary>A workbook.</summary>
    /// <exception cref="OsMigrateException"><see cref="ErrorIds.RvToolsBadWorkbook"/>, <see cref="ErrorIds.RvToolsTooLarge"/>, <see cref="ErrorIds.RvToolsNoMachines"/>.</exception>
    public static InventorySnapshot ReadWorkbook(string path, CancellationToken cancel) => Read(path, RvToolsFile.OpenWorkbook(path, cancel), cancel);

    /// <summary>The CSV files of one export. One of them is vInfo.</summary>
    /// <inheritdoc cref="ReadWorkbook"/>
    public static InventorySnapshot ReadCsv(IReadOnlyList<string> paths, CancellationToken cancel)
        => Read(paths.FirstOrDefault(static p => p.IndexOf("vInfo", StringComparison.OrdinalIgnoreCase) >= 0) ?? paths[0], [.. paths.Select(p => RvToolsFile.OpenCsv(p, cancel))], cancel);

    /// <summary>True when the name of a CSV file is that of a sheet of RVTools.</summary>
    public static bool IsSheetFile(string path) => path.EndsWith(".csv", StringComparison.OrdinalIgnoreCase) && RvToolsFile.LooksLikeSheet(path);

    private static InventorySnapshot Read(string source, IReadOnlyList<RvToolsSheet> sheets, CancellationToken cancel)
    {
        RvToolsSheet? Find(string name) => sheets.FirstOrDefault(s => s.Name == name && s.Has(Mark(name)));
        var info = Find("vInfo") ?? throw WorkbookLimits.Bad(source, "it has no sheet vInfo with a column VM", null);
        // Sheets made of several exports put together repeat the headers in between.
        var rows = info.Rows.Where(r => info.Text(r, "VM") is { Length: > 0 } name && name != "VM").ToList();
        if (rows.Count == 0)
            throw new OsMigrateException(ErrorIds.RvToolsNoMachines, ErrorKind.InvalidData, $"'{source}': the sheet vInfo lists no machine.", source) { Advice = "Was RVTools run with a user who may see machines?" };
        var readers = new RvToolsMachines(info, Find, Path.GetFileName(source));
        var machines = new List<InventoryMachine>(rows.Count);
        foreach (var row in rows)
        {
            cancel.ThrowIfCancellationRequested();
            machines.Add(readers.Read(row, machines.Count + 2));
        }

        return new InventorySnapshot
        {
            Machines = machines,
            Clusters = RvToolsPlaces.Clusters(Find("vCluster"), info, machines, rows),
            Hosts = RvToolsPlaces.Hosts(Find("vHost")),
            Datastores = RvToolsPlaces.Datastores(Find("vDatastore")),
            Networks = RvToolsPlaces.Networks(Find("vPort"), Find("dvPort")),
            Notices = [.. Missing(Path.GetFileName(source), Find), .. Odd(Path.GetFileName(source), sheets)],
        };
    }

    /// <summary>The column without which a sheet is of no use.</summary>
    private static string Mark(string sheet) => sheet switch { "vCluster" or "vDatastore" => "Name", "vHost" => "Host", "vPort" => "Port Group", "dvPort" => "Port", _ => "VM" };

    private static IEnumerable<string> Missing(string source, Func<string, RvToolsSheet?> find)
        => from sheet in new[] { "vDisk", "vNetwork", "vSnapshot", "vTools", "vCPU", "vMemory", "vUSB", "vPartition", "vCluster", "vDatastore", "vHost" }
           where find(sheet) is null
           select $"{source} has no sheet {sheet}: what it would tell is not known.";

    private static IEnumerable<string> Odd(string source, IReadOnlyList<RvToolsSheet> sheets)
        => from sheet in sheets
           from column in sheet.NoNumbers
           select $"{source}, sheet {sheet.Name}, column '{column.Key}': {column.Value} cells hold no number and count as not known.";
}
