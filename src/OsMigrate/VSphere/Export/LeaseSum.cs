using System.Security.Cryptography;
using OsMigrate.Bytes;

namespace OsMigrate.VSphere.Export;

/// <summary>A checksum that hosts make of the streams of a lease.</summary>
/// <remarks>vSphere Web Services API, HttpNfcLeaseManifestEntryChecksumType.</remarks>
internal sealed class LeaseSum
{
    private readonly HashAlgorithmName _algorithm;

    private LeaseSum(string name, HashAlgorithmName algorithm) => (Name, _algorithm) = (name, algorithm);

    public static LeaseSum Sha1 { get; } = new("sha1", HashAlgorithmName.SHA1);

    public static LeaseSum Sha256 { get; } = new("sha256", HashAlgorithmName.SHA256);

    /// <summary>The API's word for it.</summary>
    public string Name { get; }

    // SHA-1 is what older hosts have; it guards against accidents here, not against an attacker, who is kept out by TLS.
#pragma warning disable CA5350
    public IncrementalHash Begin() => IncrementalHash.CreateHash(_algorithm);
#pragma warning restore CA5350

    /// <summary>What the host says, in lower-case hex digits; null when it does not say it of this algorithm.</summary>
    public string? In(LeaseManifestEntry entry)
    {
        if (Is(entry.ChecksumType))
            return entry.Checksum;
        return this == Sha1 ? entry.Sha1 : null;
    }

    private bool Is(string? type) => string.Equals(type?.Replace("-", ""), Name, StringComparison.OrdinalIgnoreCase);
}
