namespace OsMigrate.OpenStack.Configuration.Text;

/// <summary>Finds sections and assignments by the rules of oslo.config, and goes on behind what it would refuse.</summary>
/// <remarks>
/// Source of the rules: oslo_config/iniparser.py (BaseParser.parse) and cfg.py (ConfigParser), release 9.0. There are no comments behind
/// values; a line that begins with space continues the value above it, also where it looks like a comment; only an empty line, a heading,
/// a comment at the margin or the next assignment ends a value.
/// </remarks>
internal sealed class ConfigScanner(IReadOnlyList<ConfigLine> lines)
{
    private readonly List<ConfigItem> _items = [];
    private readonly List<ConfigSection> _sections = [];
    private readonly List<ConfigFault> _faults = [];

    private string _section = "";
    private string? _name;
    private List<string> _value = [];
    private int _start;
    private int _line;

    public IReadOnlyList<ConfigItem> Items => _items;

    public IReadOnlyList<ConfigSection> Sections => _sections;

    public IReadOnlyList<ConfigFault> Faults => _faults;

    public void Run()
    {
        for (_line = 1; _line <= lines.Count; _line++)
            Take(PythonText.TrimEnd(Text(_line)));
        Flush(lines.Count);
    }

    private string Text(int number)
    {
        var text = lines[number - 1].Text;
        if (number > 1 || text.Length == 0 || text[0] != '\uFEFF')
            return text;
        _faults.Add(new ConfigFault(1, "ByteOrderMark", "the file begins with a byte order mark, which oslo.config takes for text"));
        return text.Substring(1);
    }

    private void Take(string line)
    {
        if (line.Length == 0)
        {
            Flush(_line - 1);
            return;
        }

        if (line[0] is ' ' or '\t')
        {
            Continue(line);
            return;
        }

        Flush(_line - 1);
        if (line[0] == '[')
            Heading(line);
        else if (line[0] is not ('#' or ';'))
            Assignment(line);
    }

    private void Continue(string line)
    {
        if (_name is null)
            Fault("Continuation", "it begins with space, so it continues a value, but there is none above it");
        else
            _value.Add(PythonText.TrimStart(line));
    }

    private void Heading(string line)
    {
        if (line[line.Length - 1] != ']')
            Fault("Section", "the section's name must end with ']', with nothing behind it");
        else if (line.Length <= 2)
            Fault("Section", "the section has no name");
        else
            _sections.Add(new ConfigSection(_section = line.Substring(1, line.Length - 2), _line));
    }

    private void Assignment(string line)
    {
        var at = line.IndexOfAny(['=', ':']);
        if (at < 0)
        {
            Fault("Assignment", "it is neither a section, a comment nor an assignment: there is no '=' or ':'");
            return;
        }

        var name = PythonText.Trim(line.Substring(0, at));
        if (name.Length == 0)
        {
            Fault("Name", "there is no option before the sign");
            return;
        }

        (_name, _value, _start) = (name, [Unquoted(PythonText.Trim(line.Substring(at + 1)))], _line);
        if (_section.Length == 0)
            Fault("NoSection", "an option stands before the first section");
    }

    private static string Unquoted(string value)
    {
        if (value.Length == 0 || value[0] is not ('"' or '\'') || value[0] != value[value.Length - 1])
            return value;
        return value.Length == 1 ? "" : value.Substring(1, value.Length - 2);
    }

    private void Flush(int lastLine)
    {
        if (_name is not null)
            _items.Add(new ConfigItem(_section, _name, string.Join("\n", _value), _start, Math.Max(_start, lastLine)));
        _name = null;
        _value = [];
    }

    private void Fault(string kind, string reason) => _faults.Add(new ConfigFault(_line, kind, reason));
}
