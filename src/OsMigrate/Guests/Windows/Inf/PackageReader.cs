using System.Globalization;
using OsMigrate.Bytes;

namespace OsMigrate.Guests.Windows.Inf;

/// <summary>Reads [Version], [Manufacturer], the models and the source files of an INF.</summary>
internal static class PackageReader
{
    private const int MaxModels = 50_000;

    public static DriverPackage Read(InfDocument inf)
    {
        var version = inf.Lines("Version").FirstOrDefault(static l => l.HasKey("DriverVer"));
        return new DriverPackage
        {
            InfName = inf.Name,
            Document = inf,
            Provider = inf.Value("Version", "Provider") ?? "",
            Class = inf.Value("Version", "Class") ?? "",
            ClassGuid = Guid.TryParse(inf.Value("Version", "ClassGuid"), out var guid) ? guid : Guid.Empty,
            DriverDate = version is null ? null : Date(inf.Expand(version[0])),
            DriverVersion = version is null ? null : ParseVersion(inf.Expand(version[1])),
            CatalogFile = inf.Value("Version", "CatalogFile"),
            Models = Models(inf).ToList(),
            SourceFiles = SourceFiles(inf),
            Strings = inf.Strings,
        };
    }

    /// <summary>Per manufacturer, the models of the section that fits best. Microsoft, "INF Manufacturer Section".</summary>
    public static IReadOnlyList<DriverModel> Choose(IReadOnlyList<DriverModel> models, TargetSystem target)
    {
        var chosen = new List<DriverModel>();
        foreach (var manufacturer in models.GroupBy(static m => m.ManufacturerToken, StringComparer.OrdinalIgnoreCase))
        {
            var fitting = manufacturer.Where(m => m.Decoration?.Fits(target) != false).ToList();
            if (fitting.Count == 0)
                continue;
            var best = fitting.Max(static m => m.Decoration?.Closeness ?? default);
            chosen.AddRange(fitting.Where(m => (m.Decoration?.Closeness ?? default).Equals(best)));
        }

        return chosen;
    }

    private static IEnumerable<DriverModel> Models(InfDocument inf)
    {
        var count = 0;
        foreach (var manufacturer in inf.Lines("Manufacturer"))
        {
            var (token, section) = (manufacturer.Key ?? manufacturer[0], manufacturer[0]);
            foreach (var (name, decoration) in ModelSections(section, manufacturer))
            {
                foreach (var line in inf.Lines(name))
                {
                    if (line.Key is null || line.Values.Count < 2)
                        continue;
                    if (++count > MaxModels)
                        throw new InvalidImageException(ErrorIds.TooLarge, inf.Name, -1, $"an INF of more than {MaxModels} models is not read");
                    yield return Model(inf, token, line, decoration);
                }
            }
        }
    }

    private static IEnumerable<(string Section, TargetDecoration? Decoration)> ModelSections(string section, InfLine manufacturer)
    {
        var seen = new HashSet<string>(StringComparer.OrdinalIgnoreCase) { section };
        yield return (section, null);
        foreach (var text in manufacturer.Values.Skip(1))
        {
            if (seen.Add($"{section}.{text}") && TargetDecoration.Parse(text) is { } decoration)
                yield return ($"{section}.{text}", decoration);
        }
    }

    private static DriverModel Model(InfDocument inf, string manufacturer, InfLine line, TargetDecoration? decoration) => new()
    {
        ManufacturerToken = manufacturer,
        Manufacturer = inf.Expand(manufacturer),
        DescriptionToken = line.Key!,
        Description = inf.Expand(line.Key!),
        InstallSection = inf.Expand(line[0]),
        HardwareId = inf.Expand(line[1]),
        CompatibleIds = line.Values.Skip(2).Select(inf.Expand).Where(static id => id.Length > 0).ToList(),
        Decoration = decoration,
    };

    /// <summary>Microsoft, "INF SourceDisksFiles Section": file = disk, subfolder, size; decorated ones add to the plain one.</summary>
    private static Dictionary<string, string> SourceFiles(InfDocument inf)
    {
        var files = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        foreach (var section in new[] { "SourceDisksFiles", "SourceDisksFiles.x86", "SourceDisksFiles.amd64", "SourceDisksFiles.arm64" })
        {
            foreach (var line in inf.Lines(section))
            {
                if (line.Key is { } name)
                    files[inf.Expand(name)] = inf.Expand(line[1]).Trim('\\');
            }
        }

        return files;
    }

    /// <summary>mm/dd/yyyy, also with dashes. Microsoft, "INF DriverVer Directive".</summary>
    private static DateTime? Date(string text)
        => DateTime.TryParseExact(text.Replace('-', '/'), "M/d/yyyy", CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var date) ? date : null;

    /// <summary>w.x.y.z; missing parts are 0, none may exceed 65535.</summary>
    private static Version? ParseVersion(string text)
    {
        var parts = text.Trim().Split('.');
        if (parts.Length > 4 || text.Trim().Length == 0)
            return null;
        var numbers = new int[4];
        for (var i = 0; i < parts.Length; i++)
        {
            if (InfNumbers.Read(parts[i]) is not <= 65535)
                return null;
            numbers[i] = (int)InfNumbers.Read(parts[i])!.Value;
        }

        return new Version(numbers[0], numbers[1], numbers[2], numbers[3]);
    }
}
