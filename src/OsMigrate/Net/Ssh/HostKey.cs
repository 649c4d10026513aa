using System.Security.Cryptography;

namespace OsMigrate.Net.Ssh;

/// <summary>The public key by which a host proves who it is.</summary>
/// <param name="Type">As known_hosts names it: ssh-ed25519, ecdsa-sha2-nistp256, ssh-rsa.</param>
/// <param name="Blob">The key in SSH's wire format.</param>
internal sealed record HostKey(string Type, byte[] Blob)
{
    /// <summary>As ssh shows it: SHA256: and Base64 without padding.</summary>
    public string Fingerprint => FingerprintOf(Blob);

    public static string FingerprintOf(byte[] blob)
    {
        using var sum = SHA256.Create();
        return "SHA256:" + Convert.ToBase64String(sum.ComputeHash(blob)).TrimEnd('=');
    }
}
