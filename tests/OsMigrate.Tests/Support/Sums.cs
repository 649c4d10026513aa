using System.Security.Cryptography;

namespace OsMigrate.Tests.Support;

/// <summary>Checksums of files, taken independently of the library.</summary>
public static class Sums
{
    public static string Sha256(string path)
    {
        using var file = File.OpenRead(path);
        return Convert.ToHexStringLower(SHA256.HashData(file));
    }

    public static string Sha512(string path)
    {
        using var file = File.OpenRead(path);
        return Convert.ToHexStringLower(SHA512.HashData(file));
    }
}
