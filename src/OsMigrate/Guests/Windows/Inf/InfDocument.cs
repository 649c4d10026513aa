using System.Text;
using OsMigrate.Bytes;

namespace OsMigrate.Guests.Windows.Inf;

/// <summary>An INF file: its sections, and its strings for the tokens between per cent signs.</summary>
internal sealed class InfDocument
{
    // Strings are short; a file that blows up when its tokens are replaced is no driver.
    private const int MaxExpandedChars = 4096;
    private const long MaxExpandedTotal = 32 << 20;

    private readonly IReadOnlyDictionary<string, List<InfLine>> _sections;
    private readonly Dictionary<string, string> _strings = new(StringComparer.OrdinalIgnoreCase);
    private long _expanded;

    private InfDocument(string name, IReadOnlyDictionary<string, List<InfLine>> sections)
    {
        (Name, _sections) = (name, sections);
        // English where there are several languages; the section without one fills the gaps.
        foreach (var section in new[] { "Strings", "Strings.0009", "Strings.0409" })
        {
            foreach (var line in Lines(section))
            {
                if (line.Key is not null)
                    _strings[line.Key] = line[0];
            }
        }
    }

    /// <summary>The file's name.</summary>
    public string Name { get; }

    public IEnumerable<string> SectionNames => _sections.Keys;

    /// <summary>Names are compared without regard to case.</summary>
    public IReadOnlyDictionary<string, string> Strings => _strings;

    /// <summary>Language numbers that have strings of their own, such as "0407".</summary>
    public IEnumerable<string> Languages => _sections.Keys.Where(static n => n.StartsWith("Strings.", StringComparison.OrdinalIgnoreCase)).Select(static n => n.Substring(8));

    /// <exception cref="InvalidImageException">It is no INF, or of no possible size.</exception>
    public static InfDocument Read(ByteStore file, string name)
    {
        var sections = new InfReader(InfText.Read(file), name).Read();
        return sections.ContainsKey("Version")
            ? new InfDocument(name, sections)
            : throw new InvalidImageException(ErrorIds.DriverPackage, name, -1, "this is no INF file: it has no section [Version]");
    }

    public bool Has(string section) => _sections.ContainsKey(section);

    /// <summary>The lines of a section; none where it does not exist.</summary>
    public IReadOnlyList<InfLine> Lines(string section) => _sections.TryGetValue(section, out var lines) ? lines : [];

    /// <summary>The first value of a key, tokens replaced; null where the section lacks it.</summary>
    public string? Value(string section, string key)
        => Lines(section).FirstOrDefault(l => l.HasKey(key)) is { } line ? Expand(line[0]) : null;

    /// <summary>All values of all lines of a key, tokens replaced, without empty ones.</summary>
    public IEnumerable<string> Values(string section, string key)
        => Lines(section).Where(l => l.HasKey(key)).SelectMany(static l => l.Values).Select(Expand).Where(static v => v.Length > 0);

    /// <summary>Replaces <c>%token%</c>; two per cent signs are one; what no string is defined for stays as it is, such as a folder's number.</summary>
    public string Expand(string value)
    {
        if (value.IndexOf('%') < 0)
            return value;
        var result = new StringBuilder(value.Length);
        for (var i = 0; i < value.Length;)
        {
            var end = value[i] == '%' ? value.IndexOf('%', i + 1) : -1;
            if (end < 0)
            {
                result.Append(value[i++]);
                continue;
            }

            var token = value.Substring(i + 1, end - i - 1);
            result.Append(token.Length == 0 ? "%" : _strings.TryGetValue(token, out var text) ? text : value.Substring(i, end + 1 - i));
            i = end + 1;
            if (result.Length > MaxExpandedChars)
                throw new InvalidImageException(ErrorIds.TooLarge, Name, -1, $"a value has more than {MaxExpandedChars} characters when its tokens are replaced");
        }

        if ((_expanded += result.Length) > MaxExpandedTotal)
            throw new InvalidImageException(ErrorIds.TooLarge, Name, -1, "the file grows out of all proportion when its tokens are replaced");
        return result.ToString();
    }
}
