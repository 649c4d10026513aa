using System.Text;
using OsMigrate.Bytes;

namespace OsMigrate.Guests.Windows.Inf;

/// <summary>Splits an INF's text into sections and lines. Microsoft, "General Syntax Rules for INF Files".</summary>
internal sealed class InfReader(string text, string fileName)
{
    private const int MaxLines = 200_000;
    private const int MaxSections = 20_000;
    private const int MaxLineChars = 64 << 10;

    private readonly Dictionary<string, List<InfLine>> _sections = new(StringComparer.OrdinalIgnoreCase);
    private int _lines;

    /// <summary>Lines by section; sections of one name are one.</summary>
    /// <exception cref="InvalidImageException">Far more sections or lines than any driver has.</exception>
    public IReadOnlyDictionary<string, List<InfLine>> Read()
    {
        List<InfLine>? section = null;
        foreach (var (line, number) in Logical())
        {
            var trimmed = line.Trim();
            if (trimmed.Length == 0)
                continue;
            if (trimmed[0] == '[')
                section = Section(trimmed);
            else if (section is not null)
                section.Add(Parse(trimmed, number));
            if (++_lines > MaxLines || _sections.Count > MaxSections)
                throw new InvalidImageException(ErrorIds.TooLarge, fileName, -1, $"an INF of more than {MaxLines} lines or {MaxSections} sections is not read");
        }

        return _sections;
    }

    private List<InfLine> Section(string line)
    {
        var end = line.IndexOf(']');
        var name = (end < 0 ? line.Substring(1) : line.Substring(1, end - 1)).Trim().Trim('"');
        if (!_sections.TryGetValue(name, out var lines))
            _sections[name] = lines = [];
        return lines;
    }

    /// <summary>Lines without comments, those that end in a backslash joined with the next.</summary>
    private IEnumerable<(string Line, int Number)> Logical()
    {
        using var reader = new StringReader(text);
        var whole = new StringBuilder();
        var first = 0;
        for (var number = 1; reader.ReadLine() is { } physical; number++)
        {
            // A backslash at the end of a section's last line is a path and joins nothing.
            if (whole.Length > 0 && physical.TrimStart().StartsWith("[", StringComparison.Ordinal))
            {
                yield return (whole.ToString(), first);
                whole.Clear();
            }

            if (whole.Length == 0)
                first = number;
            var line = WithoutComment(physical).TrimEnd(' ', '\t', '\0', '\u001a');
            var goesOn = line.EndsWith("\\", StringComparison.Ordinal) && !line.TrimStart().StartsWith("[", StringComparison.Ordinal);
            whole.Append(goesOn ? line.Substring(0, line.Length - 1) : line);
            if (whole.Length > MaxLineChars)
                throw new InvalidImageException(ErrorIds.TooLarge, fileName, -1, $"line {first} has more than {MaxLineChars} characters");
            if (goesOn)
                continue;
            yield return (whole.ToString(), first);
            whole.Clear();
        }

        if (whole.Length > 0)
            yield return (whole.ToString(), first);
    }

    private static string WithoutComment(string line)
    {
        var quoted = false;
        for (var i = 0; i < line.Length; i++)
        {
            if (line[i] == '"')
                quoted = !quoted;
            else if (line[i] == ';' && !quoted)
                return line.Substring(0, i);
        }

        return line;
    }

    private static InfLine Parse(string line, int number)
    {
        var fields = new List<string>();
        string? key = null;
        var field = new StringBuilder();
        var quoted = false;
        for (var i = 0; i < line.Length; i++)
        {
            var c = line[i];
            if (c == '"' && quoted && i + 1 < line.Length && line[i + 1] == '"')
            {
                field.Append(Quote);
                i++;
            }
            else if (c == '"')
            {
                quoted = !quoted;
            }
            else if (c == '=' && !quoted && key is null && fields.Count == 0)
            {
                key = Finish(field);
            }
            else if (c == ',' && !quoted)
            {
                fields.Add(Finish(field));
            }
            else
            {
                // Blanks inside quotes are kept through the trimming by a stand-in.
                field.Append(quoted && c is ' ' or '\t' ? Blank : c);
            }
        }

        fields.Add(Finish(field));
        return new InfLine(key, fields, number);
    }

    private const char Quote = '\uE000';
    private const char Blank = '\uE001';

    private static string Finish(StringBuilder field)
    {
        var value = field.ToString().Trim().Replace(Quote, '"').Replace(Blank, ' ');
        field.Clear();
        return value;
    }
}
