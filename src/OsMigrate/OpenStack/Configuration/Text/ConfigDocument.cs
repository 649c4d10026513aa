using System.Text;
using OsMigrate.Bytes;

namespace OsMigrate.OpenStack.Configuration.Text;

/// <summary>A configuration file as it is written: every byte of it comes back, whatever the file looks like.</summary>
internal sealed class ConfigDocument
{
    /// <summary>The largest generated sample (Cinder's) has 0.3 MB.</summary>
    public const int MaxBytes = 8 << 20;
    private const int MaxLines = 200_000;
    private const int MaxLineLength = 64 << 10;

    private static readonly UTF8Encoding Utf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    private readonly Encoding _encoding;

    private ConfigDocument(string name, Encoding encoding, IReadOnlyList<ConfigLine> lines)
    {
        Name = name;
        _encoding = encoding;
        Lines = lines;
        var scan = new ConfigScanner(lines);
        scan.Run();
        Items = scan.Items;
        Sections = scan.Sections;
        Faults = ReferenceEquals(encoding, Utf8) ? scan.Faults : [new ConfigFault(0, "Encoding", "it is not UTF-8 throughout"), .. scan.Faults];
    }

    /// <summary>For messages.</summary>
    public string Name { get; }

    public IReadOnlyList<ConfigLine> Lines { get; }

    public IReadOnlyList<ConfigItem> Items { get; }

    public IReadOnlyList<ConfigSection> Sections { get; }

    /// <summary>Empty where oslo.config would read the file.</summary>
    public IReadOnlyList<ConfigFault> Faults { get; }

    /// <summary>What lines of this file end with: what its first line ends with.</summary>
    public string Ending => Lines.Count > 0 && Lines[0].Ending.Length > 0 ? Lines[0].Ending : "\n";

    /// <exception cref="OsMigrateException">The file is larger than any configuration is.</exception>
    public static ConfigDocument Parse(byte[] bytes, string name)
    {
        if (bytes.Length > MaxBytes)
            throw TooLarge(name, 0, FormattableString.Invariant($"it has more than {MaxBytes >> 20} MiB"));
        var (encoding, text) = Decode(bytes);
        return new ConfigDocument(name, encoding, Split(text, name));
    }

    /// <summary>The same file with other lines.</summary>
    public ConfigDocument With(IReadOnlyList<ConfigLine> lines) => new(Name, _encoding, lines);

    public byte[] ToBytes() => _encoding.GetBytes(string.Concat(Lines.Select(l => l.ToString())));

    /// <summary>A text that can stand in this file: one that the file's encoding cannot say is refused.</summary>
    public bool CanHold(string text) => ReferenceEquals(_encoding, Utf8) || text.All(c => c < 0x80);

    private static (Encoding Encoding, string Text) Decode(byte[] bytes)
    {
        try
        {
            return (Utf8, Utf8.GetString(bytes));
        }
        catch (DecoderFallbackException)
        {
            // One character for each byte: the only way that surely leads back.
            var latin = Encoding.GetEncoding(28591);
            return (latin, latin.GetString(bytes));
        }
    }

    /// <summary>Lines as Python's text files have them: ended by a line feed, a carriage return or both.</summary>
    private static List<ConfigLine> Split(string text, string name)
    {
        var lines = new List<ConfigLine>();
        for (var start = 0; start < text.Length;)
        {
            var end = text.IndexOfAny(['\r', '\n'], start);
            var ending = end < 0 ? "" : text[end] == '\n' ? "\n" : end + 1 < text.Length && text[end + 1] == '\n' ? "\r\n" : "\r";
            if (end < 0)
                end = text.Length;
            if (end - start > MaxLineLength)
                throw TooLarge(name, lines.Count + 1, FormattableString.Invariant($"it has more than {MaxLineLength} characters"));
            lines.Add(new ConfigLine(text.Substring(start, end - start), ending));
            if (lines.Count > MaxLines)
                throw TooLarge(name, lines.Count, FormattableString.Invariant($"the file has more than {MaxLines} lines"));
            start = end + ending.Length;
        }

        return lines;
    }

    private static OsMigrateException TooLarge(string name, int line, string reason) => new(
        ErrorIds.ConfigTooLarge,
        ErrorKind.InvalidData,
        line == 0 ? $"'{name}' is no configuration file: {reason}." : FormattableString.Invariant($"'{name}', line {line} is no line of a configuration file: {reason}."),
        name);
}
