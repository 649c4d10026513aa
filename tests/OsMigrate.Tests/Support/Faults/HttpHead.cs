using System.Globalization;
using System.Text;

namespace OsMigrate.Tests.Support.Faults;

/// <summary>First line and headers of a request or an answer (RFC 9112).</summary>
internal sealed class HttpHead(string first, List<KeyValuePair<string, string>> headers)
{
    public string First => first;

    public string[] Words => first.Split(' ', 3);

    public int Status => int.Parse(Words[1], CultureInfo.InvariantCulture);

    public bool IsChunked => this["Transfer-Encoding"]?.Contains("chunked", StringComparison.OrdinalIgnoreCase) == true;

    public long? Length => long.TryParse(this["Content-Length"], NumberStyles.None, CultureInfo.InvariantCulture, out var length) ? length : null;

    public string? this[string name]
    {
        get => headers.Where(h => h.Key.Equals(name, StringComparison.OrdinalIgnoreCase)).Select(h => h.Value).FirstOrDefault();
        set
        {
            headers.RemoveAll(h => h.Key.Equals(name, StringComparison.OrdinalIgnoreCase));
            if (value is not null)
                headers.Add(new(name, value));
        }
    }

    public IReadOnlyDictionary<string, string> Headers()
    {
        var all = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        foreach (var header in headers)
            all[header.Key] = all.TryGetValue(header.Key, out var before) ? $"{before},{header.Value}" : header.Value;
        return all;
    }

    public static HttpHead Parse(string text)
    {
        var lines = text.Split("\r\n");
        var headers = lines.Skip(1).Where(l => l.Contains(':', StringComparison.Ordinal))
            .Select(l => new KeyValuePair<string, string>(l[..l.IndexOf(':', StringComparison.Ordinal)], l[(l.IndexOf(':', StringComparison.Ordinal) + 1)..].Trim()));
        return new HttpHead(lines[0], [.. headers]);
    }

    public byte[] ToBytes() => Encoding.Latin1.GetBytes($"{first}\r\n{string.Concat(headers.Select(h => $"{h.Key}: {h.Value}\r\n"))}\r\n");
}
