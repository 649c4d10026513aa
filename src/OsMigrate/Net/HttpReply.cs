using System.Text;

namespace OsMigrate.Net;

/// <summary>A server's whole answer.</summary>
public sealed class HttpReply(int status, IReadOnlyDictionary<string, string> headers, byte[] body, Uri address)
{
    public int Status => status;

    public bool IsSuccess => status is >= 200 and < 300;

    /// <summary>By name, without regard to case; several of one name are joined with commas.</summary>
    public IReadOnlyDictionary<string, string> Headers => headers;

    public byte[] Body => body;

    /// <summary>What was asked.</summary>
    public Uri Address => address;

    /// <summary>The body as text; what is not UTF-8 is shown as replacement characters.</summary>
    public string Text => Encoding.UTF8.GetString(body);

    /// <summary>The value of a header, or null.</summary>
    public string? Header(string name) => headers.TryGetValue(name, out var value) ? value : null;
}
