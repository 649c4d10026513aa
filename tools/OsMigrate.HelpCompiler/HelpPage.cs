using System.Text;

namespace OsMigrate.HelpCompiler;

/// <summary>One help page: a small, fixed set of headings of Markdown.</summary>
/// <remarks>
/// # Name, ## SYNOPSIS, ## DESCRIPTION, ## EXAMPLES with ### titles and a powershell block each, ## PARAMETERS with ### -Name each,
/// ## INPUTS, ## OUTPUTS, ## NOTES, ## RELATED LINKS (a bullet list).
/// </remarks>
internal sealed class HelpPage
{
    private readonly Dictionary<string, Section> _sections = new(StringComparer.OrdinalIgnoreCase);

    private HelpPage(string name) => Name = name;

    public string Name { get; }

    public IReadOnlyList<string> Synopsis => Paragraphs("SYNOPSIS");

    public IReadOnlyList<string> Description => Paragraphs("DESCRIPTION");

    public IReadOnlyList<string> Inputs => Paragraphs("INPUTS");

    public IReadOnlyList<string> Outputs => Paragraphs("OUTPUTS");

    public IReadOnlyList<string> Notes => Paragraphs("NOTES");

    public IReadOnlyList<string> Links => [.. Paragraphs("RELATED LINKS").SelectMany(p => p.Split('\n')).Select(l => l.TrimStart('-', '*', ' ')).Where(l => l.Length > 0)];

    public IReadOnlyList<Section> Examples => Children("EXAMPLES");

    public IReadOnlyList<Section> Parameters => Children("PARAMETERS");

    public static HelpPage Read(string path)
    {
        if (!File.Exists(path))
            throw new FormatException($"The help page '{path}' is missing.");
        HelpPage? page = null;
        Section? section = null, part = null;
        var inCode = false;
        foreach (var line in File.ReadAllLines(path))
        {
            if (line.StartsWith("```", StringComparison.Ordinal))
                inCode = !inCode;
            if (!inCode && line.StartsWith("# ", StringComparison.Ordinal))
                page = new HelpPage(line[2..].Trim());
            else if (!inCode && line.StartsWith("## ", StringComparison.Ordinal))
                (section, part) = (page?.Add(line[3..].Trim()), null);
            else if (!inCode && line.StartsWith("### ", StringComparison.Ordinal))
                section?.Children.Add(part = new Section(line[4..].Trim()));
            else
                (part ?? section)?.Lines.Add(line);
        }

        if (page is null || page.Name != Path.GetFileNameWithoutExtension(path))
            throw new FormatException($"The help page '{path}' must start with '# {Path.GetFileNameWithoutExtension(path)}'.");
        return page;
    }

    /// <summary>Joins lines of a paragraph; blocks of code and lists keep their lines.</summary>
    public static IReadOnlyList<string> ToParagraphs(IEnumerable<string> lines)
    {
        var paragraphs = new List<string>();
        var current = new StringBuilder();
        foreach (var line in lines.Append(""))
        {
            var isItem = line.TrimStart().StartsWith("- ", StringComparison.Ordinal);
            if (line.Trim().Length == 0 || line.StartsWith("```", StringComparison.Ordinal))
            {
                if (current.Length > 0)
                    paragraphs.Add(Plain(current.ToString()));
                current.Clear();
            }
            else
            {
                current.Append(current.Length == 0 ? "" : isItem ? "\n" : " ").Append(line.Trim());
            }
        }

        return paragraphs;
    }

    // The console shows no bold and no code face.
    private static string Plain(string text) => text.Replace("`", "", StringComparison.Ordinal).Replace("**", "", StringComparison.Ordinal);

    private Section Add(string title) => _sections[title] = new Section(title);

    private IReadOnlyList<string> Paragraphs(string title) => _sections.TryGetValue(title, out var s) ? ToParagraphs(s.Lines) : [];

    private IReadOnlyList<Section> Children(string title) => _sections.TryGetValue(title, out var s) ? s.Children : [];

    /// <summary>A heading and what is below it.</summary>
    internal sealed class Section(string title)
    {
        public string Title { get; } = title;

        public List<string> Lines { get; } = [];

        public List<Section> Children { get; } = [];

        /// <summary>What is inside the first block of code.</summary>
        public string Code => string.Join("\n", Lines.SkipWhile(l => !IsFence(l)).Skip(1).TakeWhile(l => !IsFence(l)));

        /// <summary>What is outside of the first block of code.</summary>
        public IReadOnlyList<string> Text
        {
            get
            {
                var fences = Lines.FindAll(IsFence).Count;
                return ToParagraphs(fences < 2 ? Lines : Lines.TakeWhile(l => !IsFence(l)).Concat(Lines.SkipWhile(l => !IsFence(l)).Skip(1).SkipWhile(l => !IsFence(l)).Skip(1)));
            }
        }

        private static bool IsFence(string line) => line.StartsWith("```", StringComparison.Ordinal);
    }
}
