using MiniExcelLibs;
using MiniExcelLibs.OpenXml;

namespace OsMigrate.Migrations.Reports;

/// <summary>Writes tables as sheets of a workbook. Every text is a text: none can become a formula.</summary>
internal static class WorkbookReport
{
    public static void Write(Stream file, IReadOnlyList<ReportTable> tables)
    {
        var sheets = new Dictionary<string, object>(StringComparer.Ordinal);
        foreach (var table in tables)
            sheets[table.Name] = Rows(table).ToList();
        file.SaveAs(sheets, configuration: new OpenXmlConfiguration { AutoFilter = true, FreezeRowCount = 1, EnableWriteNullValueCell = false });
    }

    private static IEnumerable<Dictionary<string, object?>> Rows(ReportTable table)
    {
        // A sheet without rows would lose its headers.
        foreach (var row in table.Rows.Count > 0 ? table.Rows : [table.Headers.Select(static _ => (object?)null).ToList()])
        {
            var cells = new Dictionary<string, object?>(StringComparer.Ordinal);
            for (var i = 0; i < table.Headers.Count; i++)
                cells[table.Headers[i]] = row[i] is string text ? ShownText.ForCell(text) : row[i];
            yield return cells;
        }
    }
}
