using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using OsMigrate.Bytes;

namespace OsMigrate.Net;

/// <summary>Reads certificates from PEM files.</summary>
internal static class CertificateFiles
{
    private const string Begin = "-----BEGIN CERTIFICATE-----";
    private const string End = "-----END CERTIFICATE-----";
    private const int MaxBytes = 4 << 20;

    /// <summary>All certificates of a bundle.</summary>
    /// <exception cref="OsMigrateException">The file cannot be read or holds none.</exception>
    public static X509Certificate2Collection Authorities(string path)
    {
        var text = Read(path);
        var all = new X509Certificate2Collection();
        for (var at = 0; (at = text.IndexOf(Begin, at, StringComparison.Ordinal)) >= 0;)
        {
            var end = text.IndexOf(End, at, StringComparison.Ordinal);
            if (end < 0)
                throw Bad(path, "a certificate in it has no end", null);
            try
            {
                all.Add(Load(Convert.FromBase64String(text.Substring(at + Begin.Length, end - at - Begin.Length))));
            }
            catch (Exception e) when (e is FormatException or CryptographicException)
            {
                throw Bad(path, $"certificate {all.Count + 1} in it cannot be read", e);
            }

            at = end;
        }

        return all.Count > 0 ? all : throw Bad(path, "it holds no certificate in PEM form", null);
    }

    /// <summary>A certificate with its key: PEM (one file or two), or on Windows PowerShell 5.1 a PFX without password.</summary>
    public static X509Certificate2 Client(string path, string? keyPath)
    {
        try
        {
#if NETSTANDARD2_0
            return new X509Certificate2(path);
#else
            using var pem = X509Certificate2.CreateFromPemFile(path, keyPath ?? path);
            // Windows cannot use a key that lives only in this object; through PKCS #12 it can.
            return new X509Certificate2(pem.Export(X509ContentType.Pkcs12));
#endif
        }
        catch (Exception e) when (e is CryptographicException or IOException or UnauthorizedAccessException)
        {
            throw Bad(path, "it is not a certificate with its key", e);
        }
    }

    /// <summary>Null when one of the authorities signed the certificate and all of the chain is valid; else what is wrong.</summary>
    public static string? ChainProblem(X509Certificate2 certificate, X509Chain? sent, X509Certificate2Collection authorities)
    {
        using var chain = new X509Chain();
        chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
        chain.ChainPolicy.ExtraStore.AddRange(authorities);
        if (sent is not null)
            chain.ChainPolicy.ExtraStore.AddRange(sent.ChainElements.Cast<X509ChainElement>().Select(e => e.Certificate).ToArray());
        chain.ChainPolicy.VerificationFlags = X509VerificationFlags.AllowUnknownCertificateAuthority;
        if (!chain.Build(certificate))
            return chain.ChainStatus.Where(s => s.Status != X509ChainStatusFlags.UntrustedRoot).Select(s => s.StatusInformation.Trim().TrimEnd('.')).FirstOrDefault() ?? "its chain is not valid";
        var trusted = chain.ChainElements.Cast<X509ChainElement>().Any(e => authorities.Cast<X509Certificate2>().Any(a => a.RawData.AsSpan().SequenceEqual(e.Certificate.RawData)));
        return trusted ? null : "none of the given authorities signed it";
    }

    private static X509Certificate2 Load(byte[] bytes) => new(bytes);

    private static string Read(string path)
    {
        try
        {
            return new FileInfo(path).Length <= MaxBytes ? Encoding.ASCII.GetString(File.ReadAllBytes(path)) : throw Bad(path, "it is too large", null);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw FileErrors.Map(e, path, "read");
        }
    }

    private static OsMigrateException Bad(string path, string reason, Exception? inner)
        => new(ErrorIds.CloudSettings, ErrorKind.InvalidData, $"'{path}' cannot be used as a certificate: {reason}.", path, inner);
}
