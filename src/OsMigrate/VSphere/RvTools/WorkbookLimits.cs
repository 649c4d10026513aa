using System.IO.Compression;
using OsMigrate.Bytes;

namespace OsMigrate.VSphere.RvTools;

/// <summary>Looks at a workbook before it is opened: how much it expands to is counted, not believed.</summary>
internal static class WorkbookLimits
{
    /// <summary>A workbook of 10,000 machines has below 200 MiB.</summary>
    public const long MaxExpandedBytes = 1L << 30;

    private const int MaxParts = 2000;
    private const long MaxFileBytes = 256L << 20;

    /// <exception cref="OsMigrateException"><see cref="ErrorIds.RvToolsBadWorkbook"/>: it is no workbook; <see cref="ErrorIds.RvToolsTooLarge"/>.</exception>
    public static void Check(string path, Stream file, CancellationToken cancel, long limit = MaxExpandedBytes)
    {
        if (file.Length > MaxFileBytes)
            throw TooLarge(path, $"it has {ByteSize.Text(file.Length)}; at most {ByteSize.Text(MaxFileBytes)} are read");
        try
        {
            using var zip = new ZipArchive(file, ZipArchiveMode.Read, leaveOpen: true);
            if (zip.Entries.Count > MaxParts)
                throw TooLarge(path, $"it has {zip.Entries.Count} parts; at most {MaxParts} are read");
            var expanded = 0L;
            var buffer = new byte[81920];
            foreach (var part in zip.Entries)
                expanded = Count(path, part, buffer, expanded, limit, cancel);
            if (!zip.Entries.Any(static e => e.FullName.Equals("[Content_Types].xml", StringComparison.OrdinalIgnoreCase)))
                throw Bad(path, "it is a ZIP file, but no workbook", null);
        }
        catch (Exception e) when (e is InvalidDataException or NotSupportedException or ArgumentException)
        {
            throw Bad(path, "it is no workbook (XLSX)", e);
        }

        file.Position = 0;
    }

    public static OsMigrateException Bad(string path, string reason, Exception? inner)
        => new(ErrorIds.RvToolsBadWorkbook, ErrorKind.InvalidData, $"'{path}': {reason}.", path, inner) { Advice = "Export it again with RVTools: File, Export all to Excel, or to CSV." };

    private static long Count(string path, ZipArchiveEntry part, byte[] buffer, long expanded, long limit, CancellationToken cancel)
    {
        using var content = part.Open();
        for (int read; (read = content.Read(buffer, 0, buffer.Length)) > 0;)
        {
            cancel.ThrowIfCancellationRequested();
            expanded += read;
            if (expanded > limit)
                throw TooLarge(path, $"its parts expand to more than {ByteSize.Text(limit)}");
        }

        return expanded;
    }

    private static OsMigrateException TooLarge(string path, string reason)
        => new(ErrorIds.RvToolsTooLarge, ErrorKind.InvalidData, $"'{path}': {reason}.", path) { Advice = "Export fewer machines at a time." };
}
