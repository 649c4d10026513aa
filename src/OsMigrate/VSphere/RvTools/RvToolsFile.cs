using MiniExcelLibs;
using MiniExcelLibs.OpenXml;
using OsMigrate.Bytes;
using Sylvan.Data.Csv;

namespace OsMigrate.VSphere.RvTools;

/// <summary>The sheets of an export: of one workbook, or of CSV files with one sheet each.</summary>
internal static class RvToolsFile
{
    private const int MaxSheets = 100;
    private const int MaxColumns = 2000;
    private const long MaxCells = 60_000_000;
    private const long MaxCsvBytes = 512L << 20;

    /// <summary>Sheets that are read; the others say nothing that an assessment asks.</summary>
    private static readonly HashSet<string> Wanted = new(StringComparer.OrdinalIgnoreCase)
    {
        "vInfo", "vCPU", "vMemory", "vDisk", "vPartition", "vNetwork", "vUSB", "vSnapshot", "vTools", "vCluster", "vHost", "vDatastore", "dvPort", "vPort",
    };

    /// <summary>A workbook's sheets by name.</summary>
    /// <exception cref="OsMigrateException"><see cref="ErrorIds.RvToolsBadWorkbook"/>, <see cref="ErrorIds.RvToolsTooLarge"/>.</exception>
    public static IReadOnlyList<RvToolsSheet> OpenWorkbook(string path, CancellationToken cancel)
    {
        using var file = Open(path);
        WorkbookLimits.Check(path, file, cancel);
        try
        {
            var names = MiniExcel.GetSheetNames(file).Take(MaxSheets).ToList();
            return [.. names.Where(static n => Wanted.Contains(SheetName(n))).Select(name => Sheet(path, file, name, cancel))];
        }
        catch (Exception e) when (e is not (OsMigrateException or OperationCanceledException or OutOfMemoryException))
        {
            // Whatever the library stumbles over in a file that is not as it should be.
            throw WorkbookLimits.Bad(path, $"the workbook cannot be read ({Short(e.Message)})", e);
        }
    }

    /// <summary>A CSV file's sheet, by the name that RVTools gives it: RVTools_tabvInfo.csv.</summary>
    public static RvToolsSheet OpenCsv(string path, CancellationToken cancel)
    {
        using var file = Open(path);
        if (file.Length > MaxCsvBytes)
            throw new OsMigrateException(ErrorIds.RvToolsTooLarge, ErrorKind.InvalidData, $"'{path}' has {ByteSize.Text(file.Length)}; at most {ByteSize.Text(MaxCsvBytes)} are read.", path);
        try
        {
            using var text = new StreamReader(file, System.Text.Encoding.UTF8, detectEncodingFromByteOrderMarks: true);
            using var csv = CsvDataReader.Create(text, new CsvDataReaderOptions { HasHeaders = false, BufferSize = 1 << 16, MaxBufferSize = 8 << 20 });
            var rows = new List<string[]>();
            while (csv.Read())
            {
                cancel.ThrowIfCancellationRequested();
                rows.Add([.. Enumerable.Range(0, Math.Min(csv.RowFieldCount, MaxColumns)).Select(i => RvToolsCells.Text(csv.GetString(i)))]);
            }

            return Table(SheetName(Path.GetFileNameWithoutExtension(path)), rows);
        }
        catch (Exception e) when (e is CsvFormatException or CsvRecordTooLargeException or InvalidDataException or FormatException)
        {
            throw WorkbookLimits.Bad(path, $"the CSV cannot be read ({Short(e.Message)})", e);
        }
    }

    /// <summary>True when a CSV file has the name of a sheet that is read.</summary>
    public static bool LooksLikeSheet(string path) => Wanted.Contains(SheetName(Path.GetFileNameWithoutExtension(path)));

    private static RvToolsSheet Sheet(string path, Stream file, string name, CancellationToken cancel)
    {
        file.Position = 0;
        var (rows, cells) = (new List<string[]>(), 0L);
        foreach (var row in file.Query(useHeaderRow: false, sheetName: name, excelType: ExcelType.XLSX, configuration: new OpenXmlConfiguration { EnableSharedStringCache = false, FillMergedCells = false }).Cast<IDictionary<string, object?>>())
        {
            cancel.ThrowIfCancellationRequested();
            var values = row.Values;
            cells += values.Count;
            if (values.Count > MaxColumns || cells > MaxCells)
                throw new OsMigrateException(ErrorIds.RvToolsTooLarge, ErrorKind.InvalidData, $"'{path}': the sheet '{Short(name)}' has more than {MaxColumns} columns or {MaxCells} cells.", path);
            rows.Add([.. values.Select(RvToolsCells.Text)]);
        }

        return Table(SheetName(name), rows);
    }

    private static RvToolsSheet Table(string name, List<string[]> rows) => rows.Count == 0 ? new RvToolsSheet(name, [], []) : new RvToolsSheet(name, rows[0], rows.GetRange(1, rows.Count - 1));

    /// <summary>"RVTools_tabvInfo" and "tabvInfo" are vInfo.</summary>
    private static string SheetName(string name)
    {
        var plain = name.Trim();
        foreach (var prefix in new[] { "RVTools_", "tab" })
        {
            if (plain.StartsWith(prefix, StringComparison.OrdinalIgnoreCase))
                plain = plain.Substring(prefix.Length);
        }

        return Wanted.FirstOrDefault(w => w.Equals(plain, StringComparison.OrdinalIgnoreCase)) ?? plain;
    }

    private static FileStream Open(string path)
    {
        try
        {
            return new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite, 1 << 16);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw FileErrors.Map(e, path, "read");
        }
    }

    private static string Short(string text) => new([.. text.Take(160).Select(static c => char.IsControl(c) ? ' ' : c)]);
}
