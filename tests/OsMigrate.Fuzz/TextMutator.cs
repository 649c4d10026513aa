using System.Text;
using System.Text.RegularExpressions;

namespace OsMigrate.Fuzz;

/// <summary>Damages text in numbers, quoted words, lines and tags.</summary>
internal static partial class TextMutator
{
    private static readonly string[] Hostile =
    [
        "", "../../../etc/passwd", "/etc/passwd", "C:\\Windows\\win.ini", "\\\\server\\share", "CON", "a:b", ".", "..", "\0", "\u202E", "%s%n", "é\uD800", "&#0;", "&x;", "]]>", "<!--", "-1", "NaN", "1e999",
        "99999999999999999999999999", "9223372036854775807", "-9223372036854775808", "4294967296", "2147483648", "0x10", "byte * 2^999999999", "byte * 2^62", "true", "\"", "'", "\r", "\n\n",
    ];

    private static readonly string[] Numbers = ["0", "-1", "1", "2", "65536", "2147483647", "2147483648", "4294967295", "4294967296", "9223372036854775807", "9223372036854775808", "18446744073709551616", "1e30", "00000000001"];

    public static byte[] Damage(byte[] seed, Random random, IReadOnlyList<byte[]> seeds)
    {
        var text = Encoding.UTF8.GetString(seed);
        for (var times = random.Next(3) == 0 ? random.Next(2, 6) : 1; times > 0; times--)
            text = Once(text, random, seeds);
        var bytes = Encoding.UTF8.GetBytes(text);
        for (var flips = random.Next(4) == 0 ? random.Next(1, 4) : 0; flips > 0 && bytes.Length > 0; flips--)
            bytes[random.Next(bytes.Length)] ^= (byte)(1 << random.Next(8));
        return bytes;
    }

    private static string Once(string text, Random random, IReadOnlyList<byte[]> seeds)
    {
        switch (random.Next(12))
        {
            case 0 or 1:
                return Replace(text, NumberPattern(), random, Numbers[random.Next(Numbers.Length)]);
            case 2 or 3:
                return Replace(text, QuotedPattern(), random, "\"" + Hostile[random.Next(Hostile.Length)] + "\"");
            case 4:
                return Replace(text, WordPattern(), random, random.Next(20) == 0 ? new string('A', random.Next(100_000)) : Hostile[random.Next(Hostile.Length)]);
            case 5:
                return Replace(text, WordPattern(), random, WordPattern().Matches(text) is { Count: > 0 } words ? words[random.Next(words.Count)].Value : "x");
            case 6:
                return Lines(text, random, (lines, at) => lines.RemoveAt(at));
            case 7:
                return Lines(text, random, (lines, at) => lines.InsertRange(at, Enumerable.Repeat(lines[at], random.Next(50) == 0 ? random.Next(3000) : 1)));
            case 8:
                return Lines(text, random, (lines, at) => lines.Insert(at, lines[random.Next(lines.Count)]));
            case 9:
                return text[..random.Next(text.Length + 1)];
            case 10:
                return Nest(text, random);
            default:
                var other = Encoding.UTF8.GetString(seeds[random.Next(seeds.Count)]);
                var cut = random.Next(other.Length + 1);
                return text[..random.Next(text.Length + 1)] + other[cut..];
        }
    }

    private static string Nest(string text, Random random)
    {
        var depth = random.Next(20) == 0 ? random.Next(60_000) : random.Next(300);
        var at = random.Next(text.Length + 1);
        return random.Next(3) switch
        {
            0 => text.Insert(at, new StringBuilder().Insert(0, "<a>", depth).ToString()),
            1 => text.Insert(at, new StringBuilder().Insert(0, "<a>", depth).Insert(3 * depth, "</a>", depth).ToString()),
            _ => "<!DOCTYPE x [<!ENTITY a \"aaaaaaaaaa\"><!ENTITY b \"&a;&a;&a;&a;&a;&a;&a;&a;\"><!ENTITY c SYSTEM \"file:///etc/passwd\">]>" + text,
        };
    }

    private static string Replace(string text, Regex pattern, Random random, string value)
    {
        var matches = pattern.Matches(text);
        if (matches.Count == 0)
            return text;
        var match = matches[random.Next(matches.Count)];
        return string.Concat(text.AsSpan(0, match.Index), value, text.AsSpan(match.Index + match.Length));
    }

    private static string Lines(string text, Random random, Action<List<string>, int> change)
    {
        var lines = text.Split('\n').ToList();
        change(lines, random.Next(lines.Count));
        return string.Join('\n', lines);
    }

    [GeneratedRegex("[0-9]+", RegexOptions.None, 1000)]
    private static partial Regex NumberPattern();

    [GeneratedRegex("\"[^\"\n]*\"", RegexOptions.None, 1000)]
    private static partial Regex QuotedPattern();

    [GeneratedRegex("[A-Za-z][A-Za-z0-9]*", RegexOptions.None, 1000)]
    private static partial Regex WordPattern();
}
