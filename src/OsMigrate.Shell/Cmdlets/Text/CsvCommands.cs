using System.Management.Automation;
using System.Text;
using OsMigrate.Shell.Cmdlets.Items;

namespace OsMigrate.Shell.Cmdlets.Text;

/// <summary>Objects into rows; the first object decides the columns.</summary>
public abstract class CsvWritingCmdlet : PSCmdlet
{
    private string[]? _columns;

    [Parameter(Mandatory = true, ValueFromPipeline = true)]
    public PSObject InputObject { get; set; } = new();

    [Parameter]
    public char Delimiter { get; set; } = ',';

    /// <summary>Accepted for scripts written for Windows PowerShell 5.1: the type line is never written.</summary>
    [Parameter]
    [Alias("NTI")]
    public SwitchParameter NoTypeInformation { get; set; }

    [Parameter]
    public SwitchParameter NoHeader { get; set; }

    protected override void ProcessRecord()
    {
        if (_columns is null)
        {
            _columns = ColumnsOfTarget() ?? CsvText.Columns(InputObject);
            if (!NoHeader && ColumnsOfTarget() is null)
                Put(CsvText.Row(_columns, Delimiter));
        }

        Put(CsvText.Row(CsvText.Values(InputObject, _columns), Delimiter));
    }

    private protected abstract void Put(string line);

    /// <summary>The columns that what is appended to already has.</summary>
    private protected virtual string[]? ColumnsOfTarget() => null;
}

[Cmdlet(VerbsData.ConvertTo, "Csv")]
[OutputType(typeof(string))]
public sealed class ConvertToCsvCommand : CsvWritingCmdlet
{
    private protected override void Put(string line) => WriteObject(line);
}

[Cmdlet(VerbsData.Export, "Csv", SupportsShouldProcess = true)]
public sealed class ExportCsvCommand : CsvWritingCmdlet, IDisposable
{
    private StreamWriter? _file;
    private string[]? _existing;

    [Parameter(Mandatory = true, Position = 0)]
    [Alias("LiteralPath", "PSPath")]
    public string Path { get; set; } = "";

    [Parameter]
    public SwitchParameter Append { get; set; }

    [Parameter]
    public SwitchParameter NoClobber { get; set; }

    [Parameter]
    public SwitchParameter Force { get; set; }

    [Parameter]
    [EncodingName]
    public Encoding Encoding { get; set; } = EncodingNameAttribute.Default;

    protected override void BeginProcessing()
    {
        var path = GetUnresolvedProviderPathFromPSPath(Path);
        if (!ShouldProcess(path, "Export-Csv"))
            return;
        if (Append && File.Exists(path))
        {
            using var reader = new StreamReader(path, Encoding);
            _existing = CsvText.Read(reader, Delimiter).FirstOrDefault()?.Select(column => column ?? "").ToArray();
        }

        _file = TextFiles.Open(this, path, Append, NoClobber, Encoding);
    }

    protected override void EndProcessing() => Dispose();

    public void Dispose()
    {
        _file?.Dispose();
        _file = null;
    }

    private protected override void Put(string line) => _file?.WriteLine(line);

    private protected override string[]? ColumnsOfTarget() => _existing;
}

/// <summary>Rows into objects whose properties are text.</summary>
public abstract class CsvReadingCmdlet : PSCmdlet
{
    [Parameter]
    public char Delimiter { get; set; } = ',';

    [Parameter]
    public string[]? Header { get; set; }

    private protected void Read(TextReader reader)
    {
        var columns = Header;
        foreach (var row in CsvText.Read(reader, Delimiter))
        {
            if (columns is null && row[0]?.StartsWith("#TYPE ", StringComparison.Ordinal) == true)
                continue;
            if (columns is null)
            {
                columns = [.. row.Select((name, at) => string.IsNullOrEmpty(name) ? $"H{at + 1}" : name)];
                continue;
            }

            var item = new PSObject();
            for (var at = 0; at < columns.Length; at++)
                item.Properties.Add(new PSNoteProperty(columns[at], at < row.Count ? row[at] ?? "" : null));
            WriteObject(item);
        }
    }
}

[Cmdlet(VerbsData.ConvertFrom, "Csv")]
public sealed class ConvertFromCsvCommand : CsvReadingCmdlet
{
    private readonly StringBuilder _text = new();

    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true)]
    [AllowEmptyString]
    public string[] InputObject { get; set; } = [];

    protected override void ProcessRecord() => Array.ForEach(InputObject, line => _text.AppendLine(line));

    protected override void EndProcessing() => Read(new StringReader(_text.ToString()));
}

[Cmdlet(VerbsData.Import, "Csv")]
public sealed class ImportCsvCommand : CsvReadingCmdlet
{
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [Alias("LiteralPath", "PSPath", "FullName")]
    public string[] Path { get; set; } = [];

    [Parameter]
    [EncodingName]
    public Encoding Encoding { get; set; } = EncodingNameAttribute.Default;

    protected override void ProcessRecord()
    {
        foreach (var file in Path.SelectMany(path => ItemPaths.ResolveFiles(this, path, literal: false)))
        {
            using var reader = new StreamReader(file, Encoding);
            Read(reader);
        }
    }
}
