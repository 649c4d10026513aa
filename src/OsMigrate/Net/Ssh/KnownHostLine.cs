using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;

namespace OsMigrate.Net.Ssh;

/// <summary>One line of a known_hosts file. Source: OpenSSH's sshd(8), "SSH_KNOWN_HOSTS FILE FORMAT".</summary>
/// <param name="File">Full path of the file.</param>
/// <param name="Number">1 for the first line.</param>
/// <param name="Marker">@revoked, @cert-authority, or empty.</param>
/// <param name="Hosts">Names with commas between them, or one hashed name.</param>
internal sealed record KnownHostLine(string File, int Number, string Marker, string Hosts, string KeyType, byte[] Key)
{
    private const string HashMark = "|1|";
    private static readonly TimeSpan MatchLimit = TimeSpan.FromSeconds(1);

    public bool IsRevoked => Marker == "@revoked";

    /// <summary>Marked lines are of no use as the key of a host.</summary>
    public bool IsPlain => Marker.Length == 0;

    /// <summary>Null for comments, empty lines and lines that cannot be read; OpenSSH passes over the latter as well.</summary>
    public static KnownHostLine? Parse(string file, int number, string text)
    {
        var parts = text.Split([' ', '\t'], StringSplitOptions.RemoveEmptyEntries);
        if (parts.Length == 0 || parts[0][0] == '#')
            return null;
        var first = parts[0][0] == '@' ? 1 : 0;
        if (parts.Length < first + 3 || Decode(parts[first + 2]) is not { } key || SshWire.KeyType(key) is not { } type)
            return null;
        return new KnownHostLine(file, number, first == 1 ? parts[0] : "", parts[first], type, key);
    }

    /// <param name="name">The host in small letters, as [host]:port where the port is not 22.</param>
    public bool Names(string name)
    {
        if (Hosts.StartsWith(HashMark, StringComparison.Ordinal))
            return IsHashOf(name);
        var found = false;
        foreach (var pattern in Hosts.ToLowerInvariant().Split(','))
        {
            var negated = pattern.StartsWith("!", StringComparison.Ordinal);
            if (!Fits(negated ? pattern[1..] : pattern, name))
                continue;
            if (negated)
                return false;
            found = true;
        }

        return found;
    }

    private static byte[]? Decode(string text)
    {
        try
        {
            return Convert.FromBase64String(text);
        }
        catch (FormatException)
        {
            return null;
        }
    }

    private static bool Fits(string pattern, string name)
        => pattern == name || pattern.IndexOfAny(['*', '?']) >= 0
            && Regex.IsMatch(name, "^" + Regex.Escape(pattern).Replace(@"\*", ".*").Replace(@"\?", ".") + "$", RegexOptions.CultureInvariant, MatchLimit);

    // A hashed name is |1|salt|HMAC-SHA1(salt, name); the format knows no other sum.
#pragma warning disable CA5350
    private bool IsHashOf(string name)
    {
        var parts = Hosts[HashMark.Length..].Split('|');
        if (parts.Length != 2 || Decode(parts[0]) is not { } salt || Decode(parts[1]) is not { } hash)
            return false;
        using var sum = new HMACSHA1(salt);
        return sum.ComputeHash(Encoding.UTF8.GetBytes(name)).AsSpan().SequenceEqual(hash);
    }
#pragma warning restore CA5350
}
