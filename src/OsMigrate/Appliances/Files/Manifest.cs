using System.Security.Cryptography;
using System.Text;
using OsMigrate.Bytes;

namespace OsMigrate.Appliances.Files;

/// <summary>The manifest of a package: lines of "SHA256(file.vmdk)= 0123..." (DSP0243, "Integrity of an OVF package").</summary>
internal static class Manifest
{
    private const int MaxSize = 4 << 20;

    public static IReadOnlyList<ManifestEntry> Parse(ByteStore store)
    {
        if (store.Length > MaxSize)
            throw new InvalidImageException(ErrorIds.TooLarge, store.Name, -1, $"a manifest of {store.Length} bytes is larger than the {MaxSize} allowed");
        var entries = new Dictionary<string, ManifestEntry>(StringComparer.Ordinal);
        var number = 0;
        foreach (var raw in Encoding.UTF8.GetString(store.ReadBytes(0, (int)store.Length)).Split('\n'))
        {
            number++;
            var line = raw.Trim(' ', '\t', '\r', '\0', '\uFEFF');
            if (line.Length == 0)
                continue;
            var entry = ParseLine(line, number, store.Name);
            if (!entries.TryAdd(entry.Name, entry) && entries[entry.Name] != entry)
                throw Bad(store.Name, number, $"gives the file '{Shown.Text(entry.Name)}' a second, different checksum");
        }

        return [.. entries.Values];
    }

    private static ManifestEntry ParseLine(string line, int number, string fileName)
    {
        var equals = line.LastIndexOf('=');
        var open = line.IndexOf('(');
        var close = equals < 0 ? -1 : line.LastIndexOf(')', equals);
        if (open < 1 || close <= open + 1 || equals < close)
            throw Bad(fileName, number, $"is '{Shown.Text(line)}', not of the form \"SHA256(name)= checksum\"");
        var word = line.Substring(0, open).Trim();
        var (algorithm, bytes) = word.ToUpperInvariant().Replace("-", "") switch
        {
            "SHA1" => (HashAlgorithmName.SHA1, 20),
            "SHA256" => (HashAlgorithmName.SHA256, 32),
            "SHA384" => (HashAlgorithmName.SHA384, 48),
            "SHA512" => (HashAlgorithmName.SHA512, 64),
            _ => throw new InvalidImageException(ErrorIds.UnsupportedAppliance, fileName, -1, $"line {number} uses the algorithm '{Shown.Text(word)}'; SHA1, SHA256, SHA384 and SHA512 are known"),
        };
        var digest = line.Substring(equals + 1).Trim().ToLowerInvariant();
        if (digest.Length != bytes * 2 || !digest.All(Uri.IsHexDigit))
            throw Bad(fileName, number, $"has a checksum of {digest.Length} characters; {word} has {bytes * 2} hex digits");
        var name = line.Substring(open + 1, close - open - 1).Trim();
        return new ManifestEntry(name.StartsWith("./", StringComparison.Ordinal) ? name.Substring(2) : name, algorithm, digest);
    }

    private static InvalidImageException Bad(string fileName, int line, string reason) => new(ErrorIds.BadAppliance, fileName, -1, $"line {line} {reason}");
}
