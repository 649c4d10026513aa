using OsMigrate.Bytes;
using OsMigrate.FileSystems;
using OsMigrate.FileSystems.Ntfs;
using OsMigrate.Registry;

namespace OsMigrate.Guests.Windows;

/// <summary>An installed Windows: its volume and hives.</summary>
/// <remarks>A system root is one with system32, system32\config and system32\cmd.exe; names are those of libguestfs' inspection.</remarks>
public sealed class WindowsGuest
{
    private const long LargestHive = 512L << 20;

    private static readonly string[] Roots = ["Windows", "WINNT", "WIN32", "WIN"];

    private readonly HiveOptions _options;
    private readonly Dictionary<string, MemoryStore> _originals = new(StringComparer.OrdinalIgnoreCase);
    private readonly Dictionary<string, Hive?> _hives = new(StringComparer.OrdinalIgnoreCase);

    private WindowsGuest(GuestVolume volume, NtfsVolume files, string root, DateTime now)
        => (Volume, Files, SystemRoot, _options) = (volume, files, root, new HiveOptions { Timestamp = now });

    public GuestVolume Volume { get; }

    public NtfsVolume Files { get; }

    /// <summary>Name of the folder: "Windows".</summary>
    public string SystemRoot { get; }

    public Hive System => Hive("SYSTEM") ?? throw Lacks("SYSTEM");

    public Hive Software => Hive("SOFTWARE") ?? throw Lacks("SOFTWARE");

    /// <summary>"ControlSet001": the one that SYSTEM\Select calls the current one.</summary>
    /// <exception cref="InvalidImageException">The hive names none that exists.</exception>
    public string ControlSet
    {
        get
        {
            var number = System.Find("Select")?.Value("Current")?.AsDword() ?? 1;
            var name = FormattableString.Invariant($"ControlSet{number:000}");
            return System.Find(name) is not null ? name : throw new InvalidImageException(ErrorIds.GuestNotFit, PathOf("SYSTEM"), 0, $"the current control set {name} is not in it");
        }
    }

    /// <summary>A key of the current control set; null when it is not there.</summary>
    public HiveKey? Current(string path) => System.Find($@"{ControlSet}\{path}");

    /// <summary>Path below the system root.</summary>
    public string Below(string path) => $@"{SystemRoot}\{path}";

    public string PathOf(string hive) => Below($@"System32\config\{hive}");

    /// <summary>A hive of System32\config with its logs; null when there is none. Loaded once.</summary>
    public Hive? Hive(string name)
    {
        if (_hives.TryGetValue(name, out var known))
            return known;
        Hive? hive = null;
        if (Files.Find(PathOf(name)) is { IsFolder: false } file)
        {
            using var content = file.OpenContent();
            using var log1 = (Files.Find(PathOf(name + ".LOG1")) ?? Files.Find(PathOf(name + ".LOG")))?.OpenContent();
            using var log2 = Files.Find(PathOf(name + ".LOG2"))?.OpenContent();
            _originals[name] = new MemoryStore(content.ReadBytes(0, checked((int)Math.Min(content.Length, LargestHive))), name: PathOf(name));
            hive = Registry.Hive.Load(_originals[name], _options, log1 is { Length: > 0 } ? log1 : null, log2 is { Length: > 0 } ? log2 : null);
        }

        return _hives[name] = hive;
    }

    /// <summary>Hives that were changed, by name.</summary>
    public IEnumerable<KeyValuePair<string, Hive>> EditedHives => _hives.Where(static h => h.Value is { IsEdited: true }).Select(static h => new KeyValuePair<string, Hive>(h.Key, h.Value!));

    /// <summary>A hive as it was before any edit, loaded anew.</summary>
    internal Hive Unedited(string name) => Registry.Hive.Load(_originals[name]);

    /// <summary>Every Windows on the disks.</summary>
    public static IEnumerable<WindowsGuest> All(GuestDisks disks, DateTime now, Action<GuestVolume, OsMigrateException>? unreadable = null)
        => disks.Volumes.Where(static v => v.Kind == VolumeKind.Ntfs).Select(v => Try(v, now, unreadable)).OfType<WindowsGuest>();

    private static WindowsGuest? Try(GuestVolume volume, DateTime now, Action<GuestVolume, OsMigrateException>? unreadable)
    {
        try
        {
            var files = NtfsVolume.Open(volume.Store);
            files.Clock = () => now;
            var root = Roots.FirstOrDefault(r => files.Find($@"{r}\System32\config\SYSTEM") is not null && files.Find($@"{r}\System32\cmd.exe") is not null);
            return root is null ? null : new WindowsGuest(volume, files, files.Find(root)!.Name, now);
        }
        catch (OsMigrateException e)
        {
            unreadable?.Invoke(volume, e);
            return null;
        }
    }

    private OsMigrateException Lacks(string hive) => new(ErrorIds.GuestNotFit, ErrorKind.InvalidData, $"The Windows on {Volume.Where} has no registry hive {PathOf(hive)}.", PathOf(hive));
}
