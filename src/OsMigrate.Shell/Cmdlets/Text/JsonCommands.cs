using System.Management.Automation;
using System.Text;
using System.Text.Json;

namespace OsMigrate.Shell.Cmdlets.Text;

[Cmdlet(VerbsData.ConvertTo, "Json")]
[OutputType(typeof(string))]
public sealed class ConvertToJsonCommand : PSCmdlet
{
    private readonly List<object?> _items = [];

    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true)]
    [AllowNull]
    public object? InputObject { get; set; }

    [Parameter]
    [ValidateRange(0, 100)]
    public int Depth { get; set; } = 2;

    [Parameter]
    public SwitchParameter Compress { get; set; }

    [Parameter]
    public SwitchParameter EnumsAsStrings { get; set; }

    [Parameter]
    public SwitchParameter AsArray { get; set; }

    protected override void ProcessRecord() => _items.Add(InputObject);

    protected override void EndProcessing()
    {
        if (_items.Count > 0)
            WriteObject(new JsonWriter(Depth, Compress, EnumsAsStrings).Write(_items.Count > 1 || AsArray ? _items : _items[0]));
    }
}

[Cmdlet(VerbsData.ConvertFrom, "Json")]
public sealed class ConvertFromJsonCommand : PSCmdlet
{
    private readonly StringBuilder _text = new();

    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true)]
    [AllowEmptyString]
    public string InputObject { get; set; } = "";

    [Parameter]
    public SwitchParameter AsHashtable { get; set; }

    [Parameter]
    public SwitchParameter NoEnumerate { get; set; }

    [Parameter]
    public int Depth { get; set; } = 1024;

    // Lines of one document, or a document a line: tried in that order.
    protected override void ProcessRecord() => _text.AppendLine(InputObject);

    protected override void EndProcessing()
    {
        var text = _text.ToString();
        if (string.IsNullOrWhiteSpace(text))
            return;
        var reader = new JsonReader(AsHashtable);
        try
        {
            WriteObject(reader.Read(text), enumerateCollection: !NoEnumerate);
        }
        catch (JsonException error)
        {
            if (!TryLines(reader, text))
                ThrowTerminatingError(new ErrorRecord(new ArgumentException("Conversion from JSON failed: " + error.Message, error), "InvalidJson", ErrorCategory.InvalidData, null));
        }
    }

    private bool TryLines(JsonReader reader, string text)
    {
        try
        {
            var lines = text.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
            var values = lines.Select(reader.Read).ToList();
            values.ForEach(value => WriteObject(value, enumerateCollection: !NoEnumerate));
            return true;
        }
        catch (JsonException)
        {
            return false;
        }
    }
}
