namespace OsMigrate.Net;

/// <summary>One request to a server.</summary>
/// <param name="Method">GET, POST and so on, in capitals.</param>
/// <param name="Address">Absolute.</param>
public sealed record HttpCall(string Method, Uri Address)
{
    /// <summary>Headers without those of the body. Values are never logged.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> Headers { get; init; } = [];

    public HttpBody? Body { get; init; }

    /// <summary>True when sending it twice does no harm, so that a lost answer may be met by asking again.</summary>
    public bool IsRepeatable { get; init; } = Method is "GET" or "HEAD" or "DELETE" or "OPTIONS";

    /// <summary>True when status 500 carries an answer of its own (a SOAP fault), which is no reason to ask again.</summary>
    public bool Is500AnAnswer { get; init; }

    /// <summary>Time for the answer to begin once the request is sent; null for the transport's own.</summary>
    public TimeSpan? Timeout { get; init; }

    /// <summary>What logs and errors say instead of the address, where the address itself opens a door; null for the address.</summary>
    public string? Name { get; init; }

    /// <summary>Method and address without query, for logs and errors.</summary>
    public override string ToString() => $"{Method} {Name ?? Address.GetLeftPart(UriPartial.Path)}";
}
