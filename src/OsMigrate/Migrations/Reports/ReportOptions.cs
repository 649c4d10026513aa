namespace OsMigrate.Migrations.Reports;

/// <summary>Files that a report can be made of.</summary>
[Flags]
public enum ReportFormats
{
    None = 0,
    Html = 1,
    Csv = 2,
    Json = 4,
    Xlsx = 8,
}

/// <summary>How a report is made.</summary>
/// <param name="Folder">Full path; made when it is not there.</param>
/// <param name="Redact">Names, addresses and notes are replaced by the same pseudonyms in all files.</param>
public sealed record ReportOptions(string Folder, ReportFormats Formats, string Title, bool Redact, bool Overwrite);

/// <summary>A file of a report.</summary>
public sealed record ReportFile(string Path, string Format, long Bytes, string Sha256)
{
    public string Name => System.IO.Path.GetFileName(Path);

    /// <summary>For people.</summary>
    public string Size => OsMigrate.Bytes.ByteSize.Text(Bytes);
}
