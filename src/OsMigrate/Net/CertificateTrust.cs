using System.Net;
using System.Net.Http;
using System.Net.Security;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using OsMigrate.Bytes;

namespace OsMigrate.Net;

/// <summary>Decides whether a server's certificate is good, by the settings of this one server.</summary>
internal sealed class CertificateTrust : IDisposable
{
    private readonly TlsSettings _tls;
    private readonly X509Certificate2Collection _authorities;
    private readonly X509Certificate2? _client;
    private string? _problem;

    /// <exception cref="OsMigrateException">A file of the settings cannot be read.</exception>
    public CertificateTrust(TlsSettings tls)
    {
        _tls = tls;
        _authorities = tls.AuthorityFile is { } file ? CertificateFiles.Authorities(file) : [];
        _client = tls.ClientCertificateFile is { } own ? CertificateFiles.Client(own, tls.ClientKeyFile) : null;
    }

    /// <summary>A handler that asks this. System proxies (HTTPS_PROXY, NO_PROXY, the user's settings on Windows) are used.</summary>
    public HttpClientHandler Handler()
    {
        var handler = new HttpClientHandler
        {
            AllowAutoRedirect = false,
            // The .NET Framework would open no more than two, and eight ranges are read at once.
            MaxConnectionsPerServer = 64,
            UseCookies = false,
            AutomaticDecompression = DecompressionMethods.None,
            ServerCertificateCustomValidationCallback = (_, certificate, chain, errors) => IsGood(certificate, chain, errors),
        };
        if (_client is not null)
            handler.ClientCertificates.Add(_client);
        return handler;
    }

    /// <summary>What was wrong with the last certificate that was refused; asked once.</summary>
    public string? TakeProblem() => Interlocked.Exchange(ref _problem, null);

    public void Dispose() => _client?.Dispose();

    private bool IsGood(X509Certificate2? certificate, X509Chain? chain, SslPolicyErrors errors)
    {
        if (_tls.Thumbprint is { } wanted)
            return IsPinned(certificate, wanted);
        if (!_tls.Verify || errors == SslPolicyErrors.None && _authorities.Count == 0)
            return true;
        var problem = certificate is null || (errors & SslPolicyErrors.RemoteCertificateNotAvailable) != 0 ? "it showed none"
            : (errors & SslPolicyErrors.RemoteCertificateNameMismatch) != 0 ? $"it is not made out to this name (but to {certificate.GetNameInfo(X509NameType.DnsName, false)})"
            : _authorities.Count > 0 ? CertificateFiles.ChainProblem(certificate, chain, _authorities)
            : Status(chain);
        Volatile.Write(ref _problem, problem);
        return problem is null;
    }

    /// <summary>The user, or a server that is trusted, named the very certificate: its name, its signer and its dates do not matter then.</summary>
    private bool IsPinned(X509Certificate2? certificate, string wanted)
    {
        if (certificate is not null && Thumbprints.Fits(certificate.RawData, wanted))
            return true;
        Volatile.Write(ref _problem, certificate is null ? "it showed none" : $"its thumbprint is {Thumbprints.Sha256(certificate.RawData)} (SHA-256), not the one that is expected");
        return false;
    }

    private static string Status(X509Chain? chain)
        => chain?.ChainStatus.Select(s => s.StatusInformation.Trim().TrimEnd('.')).FirstOrDefault(s => s.Length > 0) ?? "no trusted authority signed it";
}
