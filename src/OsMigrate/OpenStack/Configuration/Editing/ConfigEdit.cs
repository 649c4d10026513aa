using OsMigrate.OpenStack.Configuration.Text;

namespace OsMigrate.OpenStack.Configuration.Editing;

/// <summary>Changes options in the text of a file: at their place, with everything else left as it is.</summary>
internal sealed class ConfigEdit
{
    private const string Continued = "    ";

    private readonly string _ending;
    private List<ConfigLine> _lines;
    private ConfigDocument _document;

    public ConfigEdit(ConfigDocument document)
    {
        _document = document;
        _lines = [.. document.Lines];
        _ending = document.Ending;
    }

    public ConfigDocument Result => _document;

    /// <summary>Gives an option its value, or its values: where it stands, else below its example in the comments, else at the end of its section, which is made when there is none.</summary>
    public void Set(string section, string option, IReadOnlyList<string> values)
    {
        var items = Items(section, option);
        if (items.Count == 0)
        {
            Insert(section, option, values);
            return;
        }

        // Of one value, the last assignment is the one that counts.
        var place = values.Count == 1 ? items[items.Count - 1] : items[0];
        var head = Head(place);
        foreach (var item in values.Count == 1 ? [] : items.Skip(1).Reverse())
            _lines.RemoveRange(item.Line - 1, item.LastLine - item.Line + 1);
        var ending = _lines[place.LastLine - 1].Ending;
        _lines.RemoveRange(place.Line - 1, place.LastLine - place.Line + 1);
        var fresh = values.SelectMany(v => Assignment(head, v)).ToList();
        if (ending.Length == 0)
            fresh[fresh.Count - 1] = fresh[fresh.Count - 1] with { Ending = "" };
        _lines.InsertRange(place.Line - 1, fresh);
        Refresh();
    }

    /// <summary>One more value of an option that takes several.</summary>
    public void Add(string section, string option, string value)
    {
        var items = Items(section, option);
        if (items.Count == 0)
        {
            Insert(section, option, [value]);
            return;
        }

        var last = items[items.Count - 1];
        InsertAt(last.LastLine, Assignment(Head(last), value));
    }

    /// <summary>Takes out every assignment of an option, or those with one value.</summary>
    /// <returns>How many there were.</returns>
    public int Remove(string section, string option, string? value = null)
    {
        var items = Items(section, option).Where(i => value is null || i.Value == value).ToList();
        foreach (var item in Enumerable.Reverse(items))
            _lines.RemoveRange(item.Line - 1, item.LastLine - item.Line + 1);
        Refresh();
        return items.Count;
    }

    /// <summary>A value as a file holds it: oslo.config takes surrounding space and one pair of quotation marks away.</summary>
    public static string Written(string value)
        => value.Length > 0 && (PythonText.Trim(value) != value || (value.Length > 1 && value[0] is '"' or '\'' && value[0] == value[value.Length - 1])) ? "\"" + value + "\"" : value;

    private List<ConfigItem> Items(string section, string option)
        => _document.Items.Where(i => i.Section.Length > 0 && i.Group == GroupNames.Normal(section) && i.Name == option).ToList();

    /// <summary>What stands before the value: name, sign and the space around it, as the user writes them.</summary>
    private string Head(ConfigItem item)
    {
        var text = _lines[item.Line - 1].Text;
        var sign = text.IndexOfAny(['=', ':']) + 1;
        while (sign < text.Length && text[sign] is ' ' or '\t')
            sign++;
        var head = text.Substring(0, sign);
        return head[head.Length - 1] is '=' or ':' && head.Length > 1 && head[head.Length - 2] is ' ' ? head + " " : head;
    }

    private List<ConfigLine> Assignment(string head, string value)
    {
        var parts = value.Split('\n');
        return parts.Select((p, i) => new ConfigLine(i == 0 ? PythonText.TrimEnd(head + (parts.Length == 1 ? Written(p) : p)) : Continued + p, _ending)).ToList();
    }

    private void Insert(string section, string option, IReadOnlyList<string> values)
    {
        var fresh = values.SelectMany(v => Assignment(option + " = ", v)).ToList();
        var heading = _document.Sections.LastOrDefault(s => s.Group == GroupNames.Normal(section));
        if (heading is null)
        {
            var gap = _lines.Count > 0 && _lines[_lines.Count - 1].Text.Trim().Length > 0 ? [new ConfigLine("", _ending)] : new List<ConfigLine>();
            InsertAt(_lines.Count, [.. gap, new ConfigLine($"[{section}]", _ending), .. fresh]);
        }
        else if (Example(section, option, values) is { } example)
        {
            if (example.IsSame)
                _lines.RemoveAt(example.Line - 1);
            InsertAt(example.IsSame ? example.Line - 1 : example.Line, fresh);
        }
        else
        {
            var end = _document.Sections.FirstOrDefault(s => s.Line > heading.Line)?.Line ?? int.MaxValue;
            InsertAt(_document.Items.LastOrDefault(i => i.Line > heading.Line && i.Line < end)?.LastLine ?? heading.Line, fresh);
        }
    }

    /// <summary>The last line of the section that shows the option behind a comment sign.</summary>
    private (int Line, bool IsSame)? Example(string section, string option, IReadOnlyList<string> values)
    {
        var found = ((int Line, bool IsSame)?)null;
        var current = "";
        for (var i = 0; i < _lines.Count; i++)
        {
            current = _document.Sections.FirstOrDefault(s => s.Line == i + 1)?.Group ?? current;
            var text = _lines[i].Text.TrimEnd();
            if (current != GroupNames.Normal(section) || text.Length == 0 || text[0] is not ('#' or ';'))
                continue;
            var body = text.TrimStart('#', ';', ' ');
            var sign = body.IndexOf('=');
            if (sign > 0 && body.Substring(0, sign).Trim() == option)
                found = (i + 1, values.Count == 1 && body.Substring(sign + 1).Trim() == values[0]);
        }

        return found;
    }

    private void InsertAt(int index, List<ConfigLine> fresh)
    {
        if (index == _lines.Count && index > 0 && _lines[index - 1].Ending.Length == 0)
            _lines[index - 1] = _lines[index - 1] with { Ending = _ending };
        _lines.InsertRange(index, fresh);
        Refresh();
    }

    private void Refresh()
    {
        _document = _document.With(_lines);
        _lines = [.. _document.Lines];
    }
}
