using System.Text;

namespace OsMigrate.Shell.Cmdlets.Text;

/// <summary>Hands on whole lines, without their ends.</summary>
internal sealed class LineWriter(Action<string> line) : TextWriter
{
    private readonly StringBuilder _pending = new();

    public override Encoding Encoding => Encoding.UTF8;

    public override void Write(char value)
    {
        if (value == '\n')
            HandOn();
        else if (value != '\r')
            _pending.Append(value);
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing && _pending.Length > 0)
            HandOn();
        base.Dispose(disposing);
    }

    private void HandOn()
    {
        line(_pending.ToString());
        _pending.Clear();
    }
}
