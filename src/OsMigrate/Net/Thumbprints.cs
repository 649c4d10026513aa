using System.Security.Cryptography;
using OsMigrate.Bytes;

namespace OsMigrate.Net;

/// <summary>Thumbprints of certificates, as administrators copy them: hex digits, with or without colons.</summary>
public static class Thumbprints
{
    private const int Sha1Digits = 40;
    private const int Sha256Digits = 64;

    /// <summary>Hex digits only, in small letters; null when it is neither a SHA-1 nor a SHA-256.</summary>
    public static string? Normal(string text)
    {
        var digits = new string(text.Where(static c => c is not (':' or ' ' or '-')).ToArray()).ToLowerInvariant();
        return digits.Length is Sha1Digits or Sha256Digits && digits.All(static c => c is (>= '0' and <= '9') or (>= 'a' and <= 'f')) ? digits : null;
    }

    internal static string Sha256(byte[] certificate)
    {
        using var sum = SHA256.Create();
        return Hex.Lower(sum.ComputeHash(certificate));
    }

    internal static bool Fits(byte[] certificate, string wanted)
        => Normal(wanted) is { } digits && digits == (digits.Length == Sha256Digits ? Sha256(certificate) : Sha1(certificate));

    // vSphere itself states thumbprints of hosts as SHA-1; it is compared here, not relied on to sign anything.
#pragma warning disable CA5350
    private static string Sha1(byte[] certificate)
    {
        using var sum = SHA1.Create();
        return Hex.Lower(sum.ComputeHash(certificate));
    }
#pragma warning restore CA5350
}
