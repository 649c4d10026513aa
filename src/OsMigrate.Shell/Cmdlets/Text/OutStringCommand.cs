using System.Management.Automation;
using System.Management.Automation.Host;
using System.Text;
using Microsoft.PowerShell.Commands.Internal.Format;
using OsMigrate.Shell.Hosting;

namespace OsMigrate.Shell.Cmdlets.Text;

/// <summary>The text that the console would show. The engine calls it, too, when objects are piped into a program.</summary>
[Cmdlet("Out", "String")]
[OutputType(typeof(string))]
public sealed class OutStringCommand : FrontEndCommandBase
{
    private readonly StringBuilder _text = new();
    private LineWriter? _writer;

    [Parameter]
    public SwitchParameter Stream { get; set; }

    [Parameter]
    [ValidateRange(2, int.MaxValue)]
    public int Width { get; set; } = int.MaxValue;

    [Parameter]
    public SwitchParameter NoNewline { get; set; }

    protected override void BeginProcessing()
    {
        _writer = new LineWriter(Put);
        EngineInternals.PrintTo(this, _writer, Width);
        base.BeginProcessing();
    }

    protected override void EndProcessing()
    {
        base.EndProcessing();
        _writer!.Dispose();
        if (!Stream)
            WriteObject(_text.ToString());
    }

    private void Put(string line)
    {
        var plain = PSHostUserInterface.GetOutputString(line, supportsVirtualTerminal: false);
        if (Stream)
            WriteObject(plain);
        else
            _text.Append(plain).Append(NoNewline ? "" : Environment.NewLine);
    }
}
