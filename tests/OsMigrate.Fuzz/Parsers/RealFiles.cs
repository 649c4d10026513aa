namespace OsMigrate.Fuzz.Parsers;

/// <summary>Real files from the folder that OSMIGRATE_TEST_DATA names; none when it names none.</summary>
internal static class RealFiles
{
    public const string Variable = "OSMIGRATE_TEST_DATA";

    public static IEnumerable<string> All(long maxSize, params string[] extensions)
        => Environment.GetEnvironmentVariable(Variable) is { Length: > 0 } data && Directory.Exists(data)
            ? Directory.EnumerateFiles(data, "*", SearchOption.AllDirectories)
                .Where(f => new FileInfo(f).Length is var size && size > 0 && size <= maxSize && (extensions.Length == 0 || extensions.Any(e => f.EndsWith(e, StringComparison.OrdinalIgnoreCase))))
                .Order(StringComparer.Ordinal)
            : [];

    /// <summary>Every n-th, so that no more than <paramref name="most"/> remain and all kinds are among them.</summary>
    public static void Copy(IEnumerable<string> files, string folder, int most)
    {
        var all = files.ToArray();
        var step = Math.Max(1, (all.Length + most - 1) / most);
        for (var i = 0; i < all.Length; i += step)
            File.Copy(all[i], Path.Combine(folder, $"real-{i:d4}-{Path.GetFileName(all[i])}"));
    }
}
