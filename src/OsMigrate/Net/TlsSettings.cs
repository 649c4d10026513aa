namespace OsMigrate.Net;

/// <summary>How far a server's certificate is trusted and what the client shows of itself. Applies to one server, never to all.</summary>
public sealed record TlsSettings
{
    /// <summary>False accepts any certificate; the user must have said so for this very server.</summary>
    public bool Verify { get; init; } = true;

    /// <summary>Full path of a PEM file with the authorities to trust instead of the system's; null for the system's.</summary>
    public string? AuthorityFile { get; init; }

    /// <summary>Full path of a PEM file with the client's certificate; null for none.</summary>
    public string? ClientCertificateFile { get; init; }

    /// <summary>Full path of a PEM file with the client's key; null when it stands in the certificate's file.</summary>
    public string? ClientKeyFile { get; init; }

    /// <summary>The one certificate to accept, by its SHA-256 or SHA-1 in hex digits (colons allowed), whoever signed it; null for the usual rules.</summary>
    public string? Thumbprint { get; init; }
}
