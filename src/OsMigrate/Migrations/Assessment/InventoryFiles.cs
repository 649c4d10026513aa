using OsMigrate.Bytes;
using OsMigrate.VSphere.Inventory;
using OsMigrate.VSphere.RvTools;

namespace OsMigrate.Migrations.Assessment;

/// <summary>Reads inventories from files: workbooks and CSV files of RVTools, OVA, OVF and VMX.</summary>
public static class InventoryFiles
{
    /// <summary>One source after the other: CSV files of one folder are one export.</summary>
    public static IReadOnlyList<(string Name, Func<CancellationToken, InventorySnapshot> Read)> Group(IReadOnlyList<string> paths)
    {
        var csv = paths.Where(static p => p.EndsWith(".csv", StringComparison.OrdinalIgnoreCase)).ToList();
        return
        [
            .. csv.GroupBy(static p => Path.GetDirectoryName(p) ?? "", StringComparer.Ordinal).Select(static g => (g.First(), Csv([.. g]))),
            .. paths.Except(csv, StringComparer.Ordinal).Select(static p => (p, One(p))),
        ];
    }

    private static Func<CancellationToken, InventorySnapshot> Csv(IReadOnlyList<string> files) => cancel =>
    {
        var sheets = files.Where(RvToolsReader.IsSheetFile).ToList();
        return sheets.Count > 0 ? RvToolsReader.ReadCsv(sheets, cancel)
            : throw new OsMigrateException(ErrorIds.RvToolsBadWorkbook, ErrorKind.InvalidData, $"'{files[0]}' is not named like a sheet of RVTools.", files[0]) { Advice = "Keep the names that RVTools gives: RVTools_tabvInfo.csv and so on." };
    };

    private static Func<CancellationToken, InventorySnapshot> One(string path) => cancel
        => path.EndsWith(".xlsx", StringComparison.OrdinalIgnoreCase) || path.EndsWith(".xlsm", StringComparison.OrdinalIgnoreCase) ? RvToolsReader.ReadWorkbook(path, cancel) : ApplianceInventory.Read(path);
}
