using System.Management.Automation;
using System.Text;
using OsMigrate.Shell.Cmdlets.Items;
using OsMigrate.Shell.Cmdlets.Objects;

namespace OsMigrate.Shell.Cmdlets.Text;

[Cmdlet("Tee", "Object", DefaultParameterSetName = "File")]
public sealed class TeeObjectCommand : InputCmdlet, IDisposable
{
    private readonly List<PSObject> _items = [];
    private SteppablePipeline? _file;

    [Parameter(Mandatory = true, Position = 0, ParameterSetName = "File")]
    [Alias("Path", "LiteralPath")]
    public string FilePath { get; set; } = "";

    [Parameter(Mandatory = true, ParameterSetName = "Variable")]
    public string Variable { get; set; } = "";

    [Parameter]
    public SwitchParameter Append { get; set; }

    [Parameter(ParameterSetName = "File")]
    [EncodingName]
    public Encoding Encoding { get; set; } = EncodingNameAttribute.Default;

    protected override void BeginProcessing()
    {
        if (ParameterSetName != "File")
            return;
        _file = ScriptBlock.Create("param($path, $append, $encoding) Out-File -FilePath $path -Append:$append -Encoding $encoding")
            .GetSteppablePipeline(CommandOrigin.Internal, [FilePath, Append.ToBool(), Encoding]);
        _file.Begin(expectInput: true);
    }

    protected override void ProcessRecord()
    {
        if (Current is not { } item)
            return;
        _items.Add(item);
        _file?.Process(item);
        WriteObject(item);
    }

    protected override void EndProcessing()
    {
        _file?.End();
        if (ParameterSetName != "Variable")
            return;
        var before = Append ? LanguagePrimitives.ConvertTo<object[]>(SessionState.PSVariable.GetValue(Variable) ?? Array.Empty<object>()) : [];
        SessionState.PSVariable.Set(Variable, before.Concat(_items).ToArray() is [var only] ? only : before.Concat(_items).ToArray());
    }

    public void Dispose() => _file?.Dispose();
}
