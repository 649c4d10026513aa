using System.Globalization;
using System.Xml.Linq;

namespace OsMigrate.HelpCompiler;

/// <summary>Writes MAML, the XML that Get-Help reads.</summary>
internal static class MamlWriter
{
    private static readonly XNamespace Msh = "http://msh";
    private static readonly XNamespace Maml = "http://schemas.microsoft.com/maml/2004/10";
    private static readonly XNamespace Command = "http://schemas.microsoft.com/maml/dev/command/2004/10";
    private static readonly XNamespace Dev = "http://schemas.microsoft.com/maml/dev/2004/10";

    private static readonly Dictionary<string, string> Common = new(StringComparer.Ordinal)
    {
        ["WhatIf"] = "Shows what would be done and does nothing.",
        ["Confirm"] = "Asks before anything is done.",
    };

    public static void Write(string path, IEnumerable<(CommandShape Command, HelpPage Page)> pages)
        => new XDocument(new XElement(Msh + "helpItems", new XAttribute("schema", "maml"), pages.Select(p => CommandElement(p.Command, p.Page)))).Save(path);

    private static XElement CommandElement(CommandShape shape, HelpPage page)
    {
        var split = shape.Name.IndexOf('-', StringComparison.Ordinal);
        var texts = Texts(shape, page);
        return new XElement(
            Command + "command",
            new XAttribute(XNamespace.Xmlns + "maml", Maml),
            new XAttribute(XNamespace.Xmlns + "command", Command),
            new XAttribute(XNamespace.Xmlns + "dev", Dev),
            new XElement(
                Command + "details",
                new XElement(Command + "name", shape.Name),
                new XElement(Command + "verb", shape.Name[..split]),
                new XElement(Command + "noun", shape.Name[(split + 1)..]),
                new XElement(Maml + "description", Paragraphs(page.Synopsis))),
            new XElement(Maml + "description", Paragraphs(page.Description)),
            new XElement(Command + "syntax", shape.Sets.Select(set => new XElement(
                Command + "syntaxItem",
                new XElement(Maml + "name", shape.Name),
                set.Select(p => Parameter(p, texts[p.Name], syntax: true))))),
            new XElement(Command + "parameters", shape.Parameters.DistinctBy(p => p.Name).OrderBy(p => p.Name, StringComparer.Ordinal).Select(p => Parameter(p, texts[p.Name], syntax: false))),
            new XElement(Command + "inputTypes", page.Inputs.Select(text => Typed(Command + "inputType", text))),
            new XElement(Command + "returnValues", page.Outputs.Select(text => Typed(Command + "returnValue", text))),
            new XElement(Maml + "alertSet", new XElement(Maml + "alert", Paragraphs(page.Notes))),
            new XElement(Command + "examples", page.Examples.Select(Example)),
            new XElement(Command + "relatedLinks", page.Links.Select(link => new XElement(
                Maml + "navigationLink", new XElement(Maml + "linkText", link), new XElement(Maml + "uri")))));
    }

    /// <summary>The text of every parameter; a page that lacks one, or has one too many, is refused.</summary>
    private static Dictionary<string, IReadOnlyList<string>> Texts(CommandShape shape, HelpPage page)
    {
        var texts = page.Parameters.ToDictionary(p => p.Title.TrimStart('-'), p => p.Text, StringComparer.Ordinal);
        foreach (var name in shape.Parameters.Select(p => p.Name).Distinct())
        {
            if (!texts.ContainsKey(name) && Common.TryGetValue(name, out var common))
                texts[name] = [common];
            if (!texts.TryGetValue(name, out var text) || text.Count == 0)
                throw new FormatException($"The help page of {shape.Name} does not describe -{name}.");
        }

        if (texts.Keys.FirstOrDefault(n => shape.Parameters.All(p => p.Name != n)) is { } unknown)
            throw new FormatException($"The help page of {shape.Name} describes -{unknown}, which the cmdlet does not have.");
        if (page.Examples.Count == 0 || page.Synopsis.Count == 0)
            throw new FormatException($"The help page of {shape.Name} needs a synopsis and an example.");
        return texts;
    }

    private static XElement Parameter(ParameterShape p, IReadOnlyList<string> text, bool syntax) => new(
        Command + "parameter",
        new XAttribute("required", Bool(p.Required)),
        new XAttribute("variableLength", "true"),
        new XAttribute("globbing", Bool(p.Wildcards)),
        new XAttribute("pipelineInput", p.Pipeline),
        new XAttribute("position", p.Position?.ToString(CultureInfo.InvariantCulture) ?? "named"),
        new XAttribute("aliases", p.Aliases.Count == 0 ? "none" : string.Join(", ", p.Aliases)),
        new XElement(Maml + "name", p.Name),
        new XElement(Maml + "description", Paragraphs(text)),
        syntax && p.Choices.Count > 0 ? new XElement(Command + "parameterValueGroup", p.Choices.Select(c => new XElement(Command + "parameterValue", new XAttribute("required", "false"), new XAttribute("variableLength", "false"), c))) : null,
        p.Type == "SwitchParameter" && syntax ? null : new XElement(Command + "parameterValue", new XAttribute("required", Bool(p.Type != "SwitchParameter")), new XAttribute("variableLength", "false"), p.Type),
        new XElement(Dev + "type", new XElement(Maml + "name", p.Type), new XElement(Maml + "uri")),
        new XElement(Dev + "defaultValue", p.Type == "SwitchParameter" ? "False" : "None"));

    private static XElement Example(HelpPage.Section example) => new(
        Command + "example",
        new XElement(Maml + "title", example.Title),
        new XElement(Dev + "code", example.Code),
        new XElement(Dev + "remarks", Paragraphs(example.Text)));

    private static XElement Typed(XName name, string text) => new(
        name, new XElement(Dev + "type", new XElement(Maml + "name", text.Split(' ', ':')[0])), new XElement(Maml + "description", Paragraphs([text])));

    private static IEnumerable<XElement> Paragraphs(IEnumerable<string> texts) => texts.Select(t => new XElement(Maml + "para", t));

    private static string Bool(bool value) => value ? "true" : "false";
}
