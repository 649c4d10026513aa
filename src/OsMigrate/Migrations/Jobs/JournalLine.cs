using System.Security.Cryptography;
using System.Text;

namespace OsMigrate.Migrations.Jobs;

/// <summary>One line of a journal: the first 16 hex digits of the SHA-256 of the JSON, a space, the JSON. A torn or altered line does not match its own sum.</summary>
internal static class JournalLine
{
    private const int SumDigits = 16;

    public static byte[] Format(string json) => Encoding.UTF8.GetBytes($"{Sum(Encoding.UTF8.GetBytes(json))} {json}\n");

    /// <summary>The JSON of a line without its end, or null when it is torn or altered.</summary>
    public static string? Parse(ReadOnlySpan<byte> line)
    {
        if (line.Length < SumDigits + 3 || line[SumDigits] != (byte)' ')
            return null;
        var json = line.Slice(SumDigits + 1).ToArray();
        return Encoding.ASCII.GetString(line.Slice(0, SumDigits).ToArray()) == Sum(json) ? Encoding.UTF8.GetString(json) : null;
    }

    private static string Sum(byte[] json)
    {
        using var sha = SHA256.Create();
        return Bytes.Hex.Lower(sha.ComputeHash(json)).Substring(0, SumDigits);
    }
}
