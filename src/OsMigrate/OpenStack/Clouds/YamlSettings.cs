using OsMigrate.Bytes;
using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace OsMigrate.OpenStack.Clouds;

/// <summary>Reads YAML (and JSON, which is YAML) into a <see cref="SettingsMap"/>, within bounds.</summary>
/// <remarks>
/// Tags are refused: nothing in a clouds.yaml needs one. Aliases share what they name, so they cost nothing, and one that leads into
/// itself is refused. Merge keys ("&lt;&lt;") follow the YAML 1.1 type repository, merge: explicit keys win, earlier maps win over later ones.
/// </remarks>
internal sealed class YamlSettings
{
    private const int MaxBytes = 1 << 20;
    private const int MaxNodes = 20_000;
    private const int MaxDepth = 32;

    private readonly IParser _parser;
    private readonly string _name;
    private readonly Dictionary<string, object?> _anchors = new(StringComparer.Ordinal);
    private int _nodes;

    private YamlSettings(IParser parser, string name) => (_parser, _name) = (parser, name);

    /// <summary>Reads one file.</summary>
    /// <exception cref="OsMigrateException"><see cref="ErrorIds.CloudFile"/> with file and line; a value of the file is never part of the message.</exception>
    public static SettingsMap ReadFile(string path)
    {
        if (new FileInfo(path).Length > MaxBytes)
            throw Fault(path, "it is larger than 1 MiB, which no cloud configuration is", null);
        string text;
        try
        {
            text = File.ReadAllText(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw FileErrors.Map(e, path, "read");
        }

        return Read(text, path);
    }

    /// <summary>Reads a text; the name is for errors only.</summary>
    public static SettingsMap Read(string text, string name)
    {
        try
        {
            return new YamlSettings(new Parser(new StringReader(text)), name).Document();
        }
        catch (YamlException e)
        {
            // The parser's own words may quote the text, and the text may be a password.
            throw Fault(name, FormattableString.Invariant($"line {e.Start.Line}, column {e.Start.Column} is not valid YAML"), null);
        }
        catch (Exception e) when (e is InvalidOperationException or ArgumentException or FormatException or OverflowException)
        {
            // The parser meets some broken texts with these instead of its own exception.
            throw Fault(name, "it is not valid YAML", null);
        }
    }

    private SettingsMap Document()
    {
        _parser.Consume<StreamStart>();
        if (_parser.Accept<StreamEnd>(out _))
            return [];
        _parser.Consume<DocumentStart>();
        var start = _parser.Current!.Start;
        var root = Node(0);
        _parser.Consume<DocumentEnd>();
        if (!_parser.Accept<StreamEnd>(out _))
            throw Fault(_name, "it has more than one document", _parser.Current?.Start);
        return root switch
        {
            SettingsMap map => map,
            null => [],
            _ => throw Fault(_name, "it is not a mapping at the top", start),
        };
    }

    private object? Node(int depth)
    {
        if (depth > MaxDepth)
            throw Fault(_name, "it is nested too deeply", _parser.Current?.Start);
        if (++_nodes > MaxNodes)
            throw Fault(_name, "it has too many entries", _parser.Current?.Start);
        if (_parser.TryConsume<AnchorAlias>(out var alias))
            return _anchors.TryGetValue(alias.Value.Value, out var shared) ? shared : throw Fault(_name, "it has an alias to something that is not complete before it", alias.Start);
        if (_parser.Current is NodeEvent { Tag.IsEmpty: false } tagged && !tagged.Tag.IsNonSpecific)
            throw Fault(_name, "it has a tag, which is not used in a cloud configuration", tagged.Start);
        var anchor = _parser.Current is NodeEvent { Anchor.IsEmpty: false } named ? named.Anchor.Value : null;
        object? value = _parser.Current switch
        {
            Scalar => Text(_parser.Consume<Scalar>()),
            SequenceStart => Sequence(depth),
            MappingStart => Mapping(depth),
            var other => throw Fault(_name, "something unexpected stands there", other?.Start),
        };
        if (anchor is not null)
            _anchors[anchor] = value;
        return value;
    }

    /// <summary>YAML's plain null and empty values are no text; everything else stays as it was written ("8" may be a project's name).</summary>
    private static string? Text(Scalar scalar)
        => scalar.Style == ScalarStyle.Plain && scalar.Value is "" or "~" or "null" or "Null" or "NULL" ? null : scalar.Value;

    private List<object?> Sequence(int depth)
    {
        _parser.Consume<SequenceStart>();
        var list = new List<object?>();
        while (!_parser.TryConsume<SequenceEnd>(out _))
            list.Add(Node(depth + 1));
        return list;
    }

    private SettingsMap Mapping(int depth)
    {
        _parser.Consume<MappingStart>();
        var map = new SettingsMap();
        var merged = new List<SettingsMap>();
        while (!_parser.TryConsume<MappingEnd>(out _))
        {
            var at = _parser.Current!.Start;
            if (Node(depth + 1) is not string key)
                throw Fault(_name, "a key is not plain text", at);
            var value = Node(depth + 1);
            if (key == "<<")
                merged.AddRange((value as List<object?> ?? [value]).OfType<SettingsMap>());
            else
                map[key] = value;
        }

        foreach (var pair in merged.SelectMany(m => m))
        {
            if (++_nodes > MaxNodes)
                throw Fault(_name, "it has too many entries", null);
            if (!map.ContainsKey(pair.Key))
                map[pair.Key] = pair.Value;
        }

        return map;
    }

    private static OsMigrateException Fault(string name, string reason, Mark? at)
        => new(ErrorIds.CloudFile, ErrorKind.InvalidData, at is { } mark ? FormattableString.Invariant($"'{name}' cannot be used: line {mark.Line}: {reason}.") : $"'{name}' cannot be used: {reason}.", name);
}
