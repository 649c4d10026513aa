using System.Collections.Concurrent;
using System.IO.Compression;
using OsMigrate.Bytes;

namespace OsMigrate.OpenStack.Configuration.Options;

/// <summary>The option tables that come with OsMigrate, one resource for each release. tools/option-tables makes them.</summary>
internal static class OptionTables
{
    private const string Suffix = ".options.gz";

    private static readonly ConcurrentDictionary<string, IReadOnlyDictionary<ServiceName, OptionTable>> Loaded = new(StringComparer.Ordinal);

    /// <summary>Releases with a table, the oldest first (their names follow the alphabet, then the year).</summary>
    public static IReadOnlyList<string> Releases { get; } =
        typeof(OptionTables).Assembly.GetManifestResourceNames()
            .Where(n => n.EndsWith(Suffix, StringComparison.Ordinal))
            .Select(n => n.Substring(0, n.Length - Suffix.Length))
            .OrderBy(n => char.IsDigit(n[0]) ? 1 : 0).ThenBy(n => n, StringComparer.Ordinal)
            .ToList();

    /// <summary>The newest release there is a table of.</summary>
    public static string Newest => Releases[Releases.Count - 1];

    public static OptionTable Of(ServiceName service, string release) => Loaded.GetOrAdd(release, Load)[service];

    private static IReadOnlyDictionary<ServiceName, OptionTable> Load(string release)
    {
        using var resource = typeof(OptionTables).Assembly.GetManifestResourceStream(release + Suffix)
            ?? throw new OsMigrateException(ErrorIds.BadRequest, ErrorKind.InvalidArgument, $"There is no option table of a release '{release}'; there is {string.Join(", ", Releases)}.");
        using var expanded = new GZipStream(resource, CompressionMode.Decompress);
        using var text = new StreamReader(expanded);
        return OptionTableReader.Read(text).ToDictionary(t => t.Service);
    }
}
