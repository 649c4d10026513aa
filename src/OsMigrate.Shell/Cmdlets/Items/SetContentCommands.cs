using System.Management.Automation;
using System.Text;
using OsMigrate.Shell.Cmdlets.Objects;

namespace OsMigrate.Shell.Cmdlets.Items;

/// <summary>Writes values, one a line, into files.</summary>
public abstract class ContentWritingCmdlet(bool append) : PSCmdlet, IDisposable
{
    private readonly List<StreamWriter> _files = [];

    [Parameter(Mandatory = true, Position = 0, ParameterSetName = "Path", ValueFromPipelineByPropertyName = true)]
    public string[] Path { get; set; } = [];

    [Parameter(Mandatory = true, ParameterSetName = "LiteralPath", ValueFromPipelineByPropertyName = true)]
    [Alias("PSPath", "LP")]
    public string[] LiteralPath { get; set; } = [];

    [Parameter(Mandatory = true, Position = 1, ValueFromPipeline = true)]
    [AllowNull]
    [AllowEmptyString]
    [AllowEmptyCollection]
    public object?[]? Value { get; set; }

    [Parameter]
    public SwitchParameter NoNewline { get; set; }

    [Parameter]
    public SwitchParameter AsByteStream { get; set; }

    [Parameter]
    [EncodingName]
    public Encoding Encoding { get; set; } = EncodingNameAttribute.Default;

    [Parameter]
    public SwitchParameter Force { get; set; }

    [Parameter]
    public SwitchParameter PassThru { get; set; }

    protected override void BeginProcessing()
    {
        foreach (var path in ParameterSetName == "LiteralPath" ? LiteralPath : Path)
        {
            var files = ParameterSetName != "LiteralPath" && WildcardPattern.ContainsWildcardCharacters(path)
                ? ItemPaths.ResolveFiles(this, path, literal: false)
                : [GetUnresolvedProviderPathFromPSPath(path)];
            foreach (var file in files.Where(file => ShouldProcess(file, append ? "Add Content" : "Set Content")))
                _files.Add(TextFiles.Open(this, file, append, noClobber: false, Encoding));
        }
    }

    protected override void ProcessRecord()
    {
        foreach (var value in Value ?? [])
        {
            foreach (var file in _files)
                Put(file, value);
        }

        if (PassThru)
            WriteObject(Value, enumerateCollection: true);
    }

    protected override void EndProcessing() => Dispose();

    public void Dispose()
    {
        _files.ForEach(file => file.Dispose());
        _files.Clear();
        GC.SuppressFinalize(this);
    }

    private void Put(StreamWriter file, object? value)
    {
        if (AsByteStream)
            file.BaseStream.WriteByte(LanguagePrimitives.ConvertTo<byte>(value));
        else if (NoNewline)
            file.Write(ValueOrder.Text(value));
        else
            file.WriteLine(ValueOrder.Text(value));
    }
}

[Cmdlet(VerbsCommon.Set, "Content", SupportsShouldProcess = true, DefaultParameterSetName = "Path")]
public sealed class SetContentCommand() : ContentWritingCmdlet(append: false);

[Cmdlet(VerbsCommon.Add, "Content", SupportsShouldProcess = true, DefaultParameterSetName = "Path")]
public sealed class AddContentCommand() : ContentWritingCmdlet(append: true);

[Cmdlet(VerbsCommon.Clear, "Content", SupportsShouldProcess = true, DefaultParameterSetName = "Path")]
public sealed class ClearContentCommand : PathsCmdlet
{
    protected override void ProcessRecord()
    {
        foreach (var path in Existing().Where(path => ShouldProcess(path)))
            Try(path, () => InvokeProvider.Content.Clear([path], force: false, literalPath: true));
    }
}
