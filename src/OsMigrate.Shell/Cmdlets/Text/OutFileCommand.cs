using System.Management.Automation;
using System.Management.Automation.Host;
using System.Text;
using Microsoft.PowerShell.Commands.Internal.Format;
using OsMigrate.Shell.Cmdlets.Items;
using OsMigrate.Shell.Hosting;

namespace OsMigrate.Shell.Cmdlets.Text;

/// <summary>The text that the console would show, into a file. The engine calls it for &gt; and &gt;&gt;.</summary>
[Cmdlet("Out", "File", SupportsShouldProcess = true)]
public sealed class OutFileCommand : FrontEndCommandBase
{
    private StreamWriter? _file;
    private LineWriter? _writer;

    [Parameter(Mandatory = true, Position = 0)]
    [Alias("Path", "LiteralPath", "PSPath")]
    public string FilePath { get; set; } = "";

    [Parameter(Position = 1)]
    [EncodingName]
    public Encoding Encoding { get; set; } = EncodingNameAttribute.Default;

    [Parameter]
    public SwitchParameter Append { get; set; }

    [Parameter]
    [Alias("NoOverwrite")]
    public SwitchParameter NoClobber { get; set; }

    [Parameter]
    public SwitchParameter Force { get; set; }

    [Parameter]
    public SwitchParameter NoNewline { get; set; }

    [Parameter]
    [ValidateRange(2, int.MaxValue)]
    public int Width { get; set; } = int.MaxValue;

    protected override void BeginProcessing()
    {
        var path = GetUnresolvedProviderPathFromPSPath(FilePath);
        if (ShouldProcess(path, "Output to File"))
            _file = TextFiles.Open(this, path, Append, NoClobber, Encoding);
        _writer = new LineWriter(Put);
        EngineInternals.PrintTo(this, _writer, Width);
        base.BeginProcessing();
    }

    protected override void EndProcessing()
    {
        base.EndProcessing();
        _writer!.Dispose();
        _file?.Dispose();
        _file = null;
    }

    protected override void InternalDispose()
    {
        _file?.Dispose();
        base.InternalDispose();
    }

    private void Put(string line)
    {
        var plain = PSHostUserInterface.GetOutputString(line, supportsVirtualTerminal: false);
        if (NoNewline)
            _file?.Write(plain);
        else
            _file?.WriteLine(plain);
    }
}
