using System.Security.Cryptography;

namespace OsMigrate.Bytes;

/// <summary>One-shot SHA-256 of a span.</summary>
public static class Sha256
{
    /// <param name="hash">Receives 32 bytes.</param>
    public static void Hash(ReadOnlySpan<byte> data, Span<byte> hash)
    {
#if NETSTANDARD2_0
        using var sha = SHA256.Create();
        sha.ComputeHash(data.ToArray()).AsSpan().CopyTo(hash);
#else
        SHA256.HashData(data, hash);
#endif
    }
}
