using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using OsMigrate.Bytes;
using OsMigrate.Migrations.Assessment;

namespace OsMigrate.Migrations.Reports;

/// <summary>Writes the report of an assessment.</summary>
public sealed class MigrationReport(ReportOptions options)
{
    private const string ManifestName = "manifest.json";

    private static readonly string Version = typeof(MigrationReport).Assembly.GetName().Version?.ToString(3) ?? "";

    /// <summary>Names of the files that will be written, the manifest last.</summary>
    public IReadOnlyList<string> FileNames =>
    [
        .. Wanted(ReportFormats.Html, "report.html"), .. Wanted(ReportFormats.Csv, "machines.csv", "concerns.csv"), .. Wanted(ReportFormats.Json, "report.json"), .. Wanted(ReportFormats.Xlsx, "report.xlsx"), ManifestName,
    ];

    /// <summary>The totals of some machines.</summary>
    public static AssessmentSummary Summarize(IReadOnlyList<MachineAssessment> machines) => Summaries.Of(machines);

    /// <exception cref="OsMigrateException"><see cref="ErrorIds.FileExists"/>, or a file cannot be written. Nothing is left half written.</exception>
    public IReadOnlyList<ReportFile> Write(IReadOnlyList<MachineAssessment> machines, CancellationToken cancel)
    {
        if (machines.Count == 0)
            throw new OsMigrateException(ErrorIds.BadRequest, ErrorKind.InvalidArgument, "There is no machine to report on.") { Advice = "Pipe Get-MigrationAssessment into Export-MigrationReport." };
        if (!options.Overwrite && FileNames.Select(n => Path.Combine(options.Folder, n)).FirstOrDefault(File.Exists) is { } taken)
            throw new OsMigrateException(ErrorIds.FileExists, ErrorKind.AlreadyExists, $"'{taken}' exists already.", taken) { Advice = "Choose another -Destination, or use -Force." };
        var shown = options.Redact ? Redaction.Of(machines, cancel) : machines;
        var (context, summary) = (Contexts.Of(shown), Summaries.Of(shown));
        Create(options.Folder);
        var files = new List<ReportFile>();
        foreach (var name in FileNames.Where(static n => n != ManifestName))
        {
            cancel.ThrowIfCancellationRequested();
            files.Add(Save(name, Content(name, shown, summary, context)));
        }

        files.Add(Save(ManifestName, Manifest(files, context)));
        return files;
    }

    private byte[] Content(string name, IReadOnlyList<MachineAssessment> machines, AssessmentSummary summary, AssessmentContext context) => name switch
    {
        "report.html" => Utf8(ReportPage.Make(PageData.Json(options.Title, summary, context, machines, options.Redact, Version))),
        "machines.csv" => Csv(ReportTables.Machines(machines)),
        "concerns.csv" => Csv(ReportTables.Concerns(machines)),
        "report.json" => Utf8(ReportJson.Make(options.Title, summary, context, machines, options.Redact, Version)),
        _ => Workbook(
            [
                ReportTables.Summary(summary, context), ReportTables.Machines(machines), ReportTables.Concerns(machines), ReportTables.Waves(summary), ReportTables.Checks(summary, context),
                ReportTables.Hosts(context), ReportTables.Datastores(context), ReportTables.Networks(context),
            ]),
    };

    private byte[] Manifest(IReadOnlyList<ReportFile> files, AssessmentContext context) => JsonSerializer.SerializeToUtf8Bytes(
        new
        {
            schema = "osmigrate.report-manifest/1",
            osMigrateVersion = Version,
            createdAt = context.CreatedAt,
            redacted = options.Redact,
            files = files.Select(static f => new { name = f.Name, bytes = f.Bytes, sha256 = f.Sha256 }),
        },
        new JsonSerializerOptions { WriteIndented = true });

    private ReportFile Save(string name, byte[] content)
    {
        var path = Path.Combine(options.Folder, name);
        using (var file = FileSink.Create(path, options.Overwrite))
        {
            file.Append(content);
            file.Complete(flush: true);
        }

        using var sha = SHA256.Create();
        return new ReportFile(path, Path.GetExtension(name).TrimStart('.').ToUpperInvariant(), content.Length, Hex.Lower(sha.ComputeHash(content)));
    }

    private static byte[] Csv(ReportTable table)
    {
        var csv = new CsvTable(table.Headers);
        foreach (var row in table.Rows)
            csv.Add(row);
        return Utf8(csv.ToString());
    }

    private static byte[] Workbook(IReadOnlyList<ReportTable> tables)
    {
        using var memory = new MemoryStream();
        WorkbookReport.Write(memory, tables);
        return memory.ToArray();
    }

    private static void Create(string folder)
    {
        try
        {
            Directory.CreateDirectory(folder);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw FileErrors.Map(e, folder, "create");
        }
    }

    /// <summary>A half of a pair of surrogates becomes U+FFFD.</summary>
    private static byte[] Utf8(string text) => Encoding.UTF8.GetBytes(text);

    private IEnumerable<string> Wanted(ReportFormats format, params string[] names) => (options.Formats & format) != 0 ? names : [];
}
