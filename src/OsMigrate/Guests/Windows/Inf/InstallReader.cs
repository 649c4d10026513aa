using OsMigrate.Bytes;

namespace OsMigrate.Guests.Windows.Inf;

/// <summary>Reads a DDInstall section and its companions .Services and .HW. Microsoft, "INF DDInstall Section".</summary>
internal sealed class InstallReader
{
    private const int MaxItems = 10_000;

    private readonly InfDocument _inf;
    private readonly string _section;
    private int _items;

    private InstallReader(InfDocument inf, string section) => (_inf, _section) = (inf, section);

    public static DriverInstall Read(InfDocument inf, string section, TargetSystem target)
        => new InstallReader(inf, ChooseSection(inf, section, target)).Read();

    /// <summary>The decorated section that fits best: NTamd64.10.0 before NTamd64 before NT before none.</summary>
    private static string ChooseSection(InfDocument inf, string section, TargetSystem target)
    {
        var prefix = section + ".";
        var best = section;
        (int, int, int, int) closeness = (-1, 0, 0, 0);
        foreach (var name in inf.SectionNames)
        {
            if (!name.StartsWith(prefix, StringComparison.OrdinalIgnoreCase) || TargetDecoration.Parse(name.Substring(prefix.Length)) is not { } decoration)
                continue;
            if (decoration.Fits(target) && decoration.Closeness.CompareTo(closeness) > 0)
                (best, closeness) = (name, decoration.Closeness);
        }

        return best;
    }

    private DriverInstall Read()
    {
        var own = WithNeeds(_section);
        var hardware = WithNeeds(_section + ".HW");
        var services = WithNeeds(_section + ".Services");
        string[] all = [.. own, .. hardware, .. services];
        return new DriverInstall
        {
            Section = _section,
            Files = own.SelectMany(Files).ToList(),
            Registry = own.SelectMany(Registry).ToList(),
            HardwareRegistry = hardware.SelectMany(Registry).ToList(),
            Services = services.SelectMany(s => _inf.Lines(s)).Where(static l => l.HasKey("AddService")).Select(Service).OfType<DriverService>().ToList(),
            Includes = all.SelectMany(s => _inf.Values(s, "Include")).Distinct(StringComparer.OrdinalIgnoreCase).ToList(),
            Needs = all.SelectMany(s => _inf.Values(s, "Needs")).Distinct(StringComparer.OrdinalIgnoreCase).ToList(),
        };
    }

    /// <summary>A section and those of this file that it needs.</summary>
    private List<string> WithNeeds(string section)
    {
        var found = new List<string> { section };
        for (var i = 0; i < found.Count && found.Count < MaxItems; i++)
        {
            foreach (var need in _inf.Values(found[i], "Needs"))
            {
                if (_inf.Has(need) && !found.Contains(need, StringComparer.OrdinalIgnoreCase))
                    found.Add(need);
            }
        }

        return found;
    }

    private IEnumerable<DriverFileCopy> Files(string section)
    {
        foreach (var list in _inf.Values(section, "CopyFiles"))
        {
            if (list.StartsWith("@", StringComparison.Ordinal))
            {
                Count();
                yield return new DriverFileCopy(list.Substring(1), list.Substring(1), Directory(""), 0);
                continue;
            }

            foreach (var line in _inf.Lines(list))
            {
                Count();
                // A key is no part of these lines, but a name with an equals sign would look like one.
                var target = _inf.Expand(line[0]);
                if (target.Length > 0)
                    yield return new DriverFileCopy(line[1].Length > 0 ? _inf.Expand(line[1]) : target, target, Directory(list), InfNumbers.Read(_inf.Expand(line[3])) ?? 0);
            }
        }
    }

    /// <summary>[DestinationDirs]: the list's own line, else the default.</summary>
    private InfDirectory Directory(string list)
    {
        var lines = _inf.Lines("DestinationDirs");
        var line = (list.Length > 0 ? lines.FirstOrDefault(l => l.HasKey(list)) : null) ?? lines.FirstOrDefault(static l => l.HasKey("DefaultDestDir"));
        if (line is null)
            return new InfDirectory(null, "");
        var number = _inf.Expand(line[0]);
        return new InfDirectory(InfNumbers.Read(number), _inf.Expand(line[1]).Trim('\\'), number);
    }

    private IEnumerable<RegistryAddition> Registry(string section) => _inf.Values(section, "AddReg").SelectMany(RegistrySection);

    private IEnumerable<RegistryAddition> RegistrySection(string name)
    {
        foreach (var line in _inf.Lines(name))
        {
            Count();
            if (RegistryLines.Read(_inf, line) is { } addition)
                yield return addition;
        }
    }

    private DriverService? Service(InfLine line)
    {
        Count();
        var name = _inf.Expand(line[0]);
        var section = _inf.Expand(line[2]);
        // "AddService = , 2" says that the device has no service of its own.
        if (name.Length == 0 || section.Length == 0)
            return null;
        var log = _inf.Expand(line[3]);
        var binary = _inf.Value(section, "ServiceBinary") ?? "";
        var (directory, file) = Binary(binary);
        return new DriverService
        {
            Name = name,
            Flags = InfNumbers.Read(_inf.Expand(line[1])) ?? 0,
            DisplayName = _inf.Value(section, "DisplayName"),
            Description = _inf.Value(section, "Description"),
            ServiceType = Number(section, "ServiceType") ?? 1,
            StartType = Number(section, "StartType") ?? 3,
            ErrorControl = Number(section, "ErrorControl") ?? 1,
            ServiceBinary = binary,
            BinaryDirectory = directory,
            BinaryName = file,
            LoadOrderGroup = _inf.Value(section, "LoadOrderGroup"),
            Dependencies = _inf.Values(section, "Dependencies").ToList(),
            StartName = _inf.Value(section, "StartName"),
            Security = _inf.Value(section, "Security"),
            BootFlags = Number(section, "BootFlags"),
            DelayedAutoStart = Number(section, "DelayedAutoStart"),
            Registry = Registry(section).ToList(),
            EventLogName = log.Length == 0 ? null : line[5].Length > 0 ? _inf.Expand(line[5]) : name,
            EventLogType = line[4].Length > 0 ? _inf.Expand(line[4]) : "System",
            EventLogRegistry = log.Length == 0 ? [] : Registry(log).ToList(),
        };
    }

    /// <summary>%12%\viostor.sys: a folder's number, perhaps a subfolder, and the file.</summary>
    private static (InfDirectory?, string) Binary(string path)
    {
        // Some write options behind the name, as for a command line.
        var command = path.Split(' ')[0];
        var slash = command.LastIndexOf('\\');
        var file = slash < 0 ? command : command.Substring(slash + 1);
        var end = command.StartsWith("%", StringComparison.Ordinal) ? command.IndexOf('%', 1) : -1;
        if (end < 0)
            return (null, file);
        var id = command.Substring(1, end - 1);
        var sub = slash > end + 1 ? command.Substring(end + 1, slash - end - 1).Trim('\\') : "";
        return (new InfDirectory(InfNumbers.Read(id), sub, id), file);
    }

    private uint? Number(string section, string key) => _inf.Value(section, key) is { } text ? InfNumbers.Read(text) : null;

    private void Count()
    {
        if (++_items > MaxItems)
            throw new InvalidImageException(ErrorIds.TooLarge, _inf.Name, -1, $"the section [{_section}] asks for more than {MaxItems} things");
    }
}
