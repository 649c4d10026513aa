using System.Globalization;
using System.Text;
using OsMigrate.Bytes;

namespace OsMigrate.Partitions.Lvm;

/// <summary>A section of LVM's metadata: values (numbers, texts, lists) and further sections, by name.</summary>
/// <remarks>Source: lvm.conf(5), "Syntax"; format_text of LVM2. Bounded: nesting, names, and the text itself, which its reader has bounded.</remarks>
internal sealed class LvmSection
{
    private readonly Dictionary<string, object> _items = new(StringComparer.Ordinal);

    public IEnumerable<KeyValuePair<string, LvmSection>> Sections
        => _items.Where(static i => i.Value is LvmSection).Select(static i => new KeyValuePair<string, LvmSection>(i.Key, (LvmSection)i.Value));

    public LvmSection? Section(string name) => _items.TryGetValue(name, out var item) ? item as LvmSection : null;

    public string? Text(string name) => _items.TryGetValue(name, out var item) ? item as string : null;

    public long? Number(string name) => _items.TryGetValue(name, out var item) ? item as long? : null;

    public IReadOnlyList<object> List(string name) => _items.TryGetValue(name, out var item) && item is List<object> list ? list : [];

    internal void Add(string name, object item) => _items[name] = item;
}

/// <summary>Reads LVM's metadata.</summary>
internal sealed class LvmText(string text, string source)
{
    private const int MaxDepth = 16;

    // LVM's own limit for names is 127.
    private const int MaxWord = 255;

    private int _at;

    /// <exception cref="InvalidImageException">It is not what LVM writes.</exception>
    public LvmSection Read()
    {
        var root = new LvmSection();
        Fill(root, 0);
        return root;
    }

    private void Fill(LvmSection section, int depth)
    {
        if (depth > MaxDepth)
            throw Bad("it is nested too deeply");
        while (true)
        {
            Skip();
            if (_at >= text.Length || text[_at] == '\0')
            {
                if (depth > 0)
                    throw Bad("it ends within a section");
                return;
            }

            if (text[_at] == '}')
            {
                if (depth == 0)
                    throw Bad("a section ends that did not begin");
                _at++;
                return;
            }

            var name = Word();
            Skip();
            if (Take('{'))
            {
                var child = new LvmSection();
                Fill(child, depth + 1);
                section.Add(name, child);
            }
            else if (Take('='))
            {
                section.Add(name, Value());
            }
            else
            {
                throw Bad($"'{name}' is neither a value nor a section");
            }
        }
    }

    private object Value()
    {
        Skip();
        if (!Take('['))
            return Scalar();
        var list = new List<object>();
        while (true)
        {
            Skip();
            if (Take(']'))
                return list;
            list.Add(Scalar());
            Skip();
            Take(',');
        }
    }

    private object Scalar()
    {
        if (Take('"'))
        {
            var value = new StringBuilder();
            while (_at < text.Length && text[_at] != '"')
            {
                if (text[_at] == '\\' && _at + 1 < text.Length)
                    _at++;
                value.Append(text[_at++]);
            }

            return Take('"') ? value.ToString() : throw Bad("a text has no end");
        }

        var word = Word();
        return long.TryParse(word, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) ? number : word;
    }

    private string Word()
    {
        var start = _at;
        while (_at < text.Length && (char.IsLetterOrDigit(text[_at]) || text[_at] is '_' or '-' or '.' or '+' or '/'))
            _at++;
        return _at > start && _at - start <= MaxWord ? text.Substring(start, _at - start) : throw Bad("a name or value is missing, or is too long");
    }

    private bool Take(char wanted)
    {
        if (_at >= text.Length || text[_at] != wanted)
            return false;
        _at++;
        return true;
    }

    private void Skip()
    {
        while (_at < text.Length)
        {
            if (text[_at] == '#')
            {
                while (_at < text.Length && text[_at] != '\n')
                    _at++;
            }
            else if (char.IsWhiteSpace(text[_at]))
            {
                _at++;
            }
            else
            {
                return;
            }
        }
    }

    private InvalidImageException Bad(string reason) => new(ErrorIds.BadStructure, source, -1, $"the LVM metadata cannot be read at character {_at}: {reason}");
}
