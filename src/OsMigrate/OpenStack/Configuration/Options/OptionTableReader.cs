using System.Globalization;
using System.Text;

namespace OsMigrate.OpenStack.Configuration.Options;

/// <summary>Reads our own tables: lines of fields between tabs.</summary>
/// <remarks>
/// "osmigrate-options 1", release, version, origin; then for each service "!project", name, package version, followed by its options, and
/// "!auth" with the options of authentication plugins, which every service takes. Fields of an option: group, name, type, least, most,
/// choices (|), default, flags (M multi, S secret, D deprecated, R required, U mutable, A advanced), old names (group/name;...), deprecated
/// since, reason. A backslash stands before t, n and itself.
/// </remarks>
internal static class OptionTableReader
{
    private const int Fields = 11;

    public static IEnumerable<OptionTable> Read(TextReader text)
    {
        var release = text.ReadLine()!.Split('\t')[1];
        var projects = new List<(string Name, string Version, List<OptionDefinition> Options)>();
        var auth = new List<OptionDefinition>();
        var target = auth;
        while (text.ReadLine() is { } line)
        {
            var fields = line.Split('\t');
            if (fields[0] == "!project")
                projects.Add((fields[1], fields[2], target = []));
            else if (fields[0] == "!auth")
                target = auth;
            else
                target.Add(Option(fields));
        }

        return projects.Select(p => new OptionTable(
            (ServiceName)Enum.Parse(typeof(ServiceName), p.Name, ignoreCase: true), release, p.Version, p.Options.Concat(auth)));
    }

    private static OptionDefinition Option(string[] fields)
    {
        if (fields.Length != Fields)
            throw new InvalidDataException($"An option table has a line of {fields.Length} fields.");
        var f = Array.ConvertAll(fields, Unescaped);
        var flags = f[7];
        return new OptionDefinition(
            f[0],
            f[1],
            new OptionType(f[2], Bound(f[3]), Bound(f[4]), f[5].Length == 0 ? [] : f[5].Split('|')),
            f[6],
            flags.IndexOf('M') >= 0,
            flags.IndexOf('S') >= 0,
            flags.IndexOf('D') >= 0,
            flags.IndexOf('R') >= 0,
            flags.IndexOf('U') >= 0,
            f[8].Length == 0 ? [] : Array.ConvertAll(f[8].Split(';'), Name),
            f[9],
            f[10]);
    }

    private static double? Bound(string text) => text.Length == 0 ? null : double.Parse(text, NumberStyles.Float, CultureInfo.InvariantCulture);

    private static OptionName Name(string text)
    {
        var slash = text.LastIndexOf('/');
        return new OptionName(Text.GroupNames.Normal(text.Substring(0, slash)), text.Substring(slash + 1).Replace('-', '_'));
    }

    private static string Unescaped(string field)
    {
        if (field.IndexOf('\\') < 0)
            return field;
        var text = new StringBuilder();
        for (var i = 0; i < field.Length; i++)
            text.Append(field[i] != '\\' || i + 1 == field.Length ? field[i] : field[++i] switch { 't' => '\t', 'n' => '\n', var c => c });
        return text.ToString();
    }
}
