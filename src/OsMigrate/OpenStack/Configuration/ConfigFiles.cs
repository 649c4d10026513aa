using OsMigrate.Bytes;
using OsMigrate.Net.Ssh;
using OsMigrate.OpenStack.Configuration.Checks;
using OsMigrate.OpenStack.Configuration.Editing;
using OsMigrate.OpenStack.Configuration.Files;
using OsMigrate.OpenStack.Configuration.History;
using OsMigrate.OpenStack.Configuration.Options;
using OsMigrate.OpenStack.Configuration.Text;
using OsMigrate.OpenStack.Configuration.Values;

namespace OsMigrate.OpenStack.Configuration;

/// <summary>Configuration files of one or more machines: what the cmdlets work on.</summary>
public sealed class ConfigFiles
{
    private readonly IConfigHost? _host;
    private readonly IReadOnlyList<ConfigFile> _files;
    private readonly IReadOnlyList<StorageFacts> _storage;

    private ConfigFiles(IConfigHost? host, IReadOnlyList<ConfigFile> files, IReadOnlyList<StorageFacts> storage) => (_host, _files, _storage) = (host, files, storage);

    /// <summary>Releases with a table of options, the newest last.</summary>
    public static IReadOnlyList<string> Releases => OptionTables.Releases;

    public int Count => _files.Count;

    /// <summary>Machines, by name.</summary>
    public IReadOnlyList<string> Nodes => _files.Select(f => f.Node).Distinct(StringComparer.Ordinal).ToList();

    /// <summary>Reads a file, or the files in a folder, of this machine or copied from others.</summary>
    /// <param name="path">Full path.</param>
    /// <param name="service">Only its files; for a single file: whose it is, where its name does not tell.</param>
    /// <param name="skipped">Told of files that could not be read.</param>
    public static ConfigFiles Local(string path, ServiceName? service, Action<OsMigrateException> skipped, CancellationToken cancel)
    {
        var isOwn = path == "/etc" || path.StartsWith("/etc/", StringComparison.Ordinal);
        return From(new LocalConfigHost(isOwn || File.Exists(path) ? null : path, isOwn ? Environment.MachineName : null), path, service, skipped, cancel);
    }

    /// <summary>Reads a file, or the files in a folder, of a host behind SSH.</summary>
    /// <param name="session">Stays the caller's, and open for as long as something may be written.</param>
    /// <param name="node">What the machine is called.</param>
    public static ConfigFiles Remote(SshSession session, string node, string path, ServiceName? service, Action<OsMigrateException> skipped, CancellationToken cancel)
        => From(new SshConfigHost(session, node), path, service, skipped, cancel);

    /// <summary>Several machines as one: to be checked together.</summary>
    public static ConfigFiles Together(IEnumerable<ConfigFiles> parts)
    {
        var all = parts.ToList();
        // A folder and a file of it may both have been named.
        var files = all.SelectMany(p => p._files).GroupBy(f => (f.Node, f.Path)).Select(g => g.First()).ToList();
        return new ConfigFiles(all.Count == 1 ? all[0]._host : null, files, all.SelectMany(p => p._storage).ToList());
    }

    /// <summary>Every assignment, as it is written.</summary>
    public IEnumerable<ConfigSetting> Written(string? release, bool showSecrets) => new ConfigListing(Known(release), showSecrets).Written(_files);

    /// <summary>What programs get: the value that counts, filled in.</summary>
    public IEnumerable<ConfigSetting> Effective(string? release, bool showSecrets, bool withDefaults) => new ConfigListing(Known(release), showSecrets).Effective(_files, withDefaults);

    /// <summary>What oslo.config would refuse, an error for each file; such a file is listed as far as it can be understood.</summary>
    public IEnumerable<OsMigrateException> Faults() => _files.Where(f => f.Document.Faults.Count > 0).Select(f => ConfigErrors.Broken(f.Path, f.Document.Faults[0]));

    /// <summary>Checks everything that needs no connection.</summary>
    public IReadOnlyList<ConfigFinding> Test(string? release, CancellationToken cancel)
        => ConfigCheck.Run(_files, Configs(release), _storage, cancel).All;

    /// <summary>Tries databases, brokers and Keystone with the logins in the files, from this machine.</summary>
    /// <param name="limit">For each answer.</param>
    /// <param name="state">Told what is tried and what works; never of secrets.</param>
    public IReadOnlyList<ConfigFinding> TestOnline(string? release, TimeSpan limit, Action<string> state, CancellationToken cancel)
    {
        var several = Nodes.Count > 1;
        return new OnlineChecks(node => _host is SshConfigHost || (several && node != Environment.MachineName), limit, state, cancel).Run(Configs(release)).All;
    }

    /// <summary>What the two sides' programs get that is not the same.</summary>
    public static IEnumerable<ConfigDifference> Compare(ConfigFiles reference, ConfigFiles difference, string? release, bool withEqual)
        => ConfigComparison.Run(reference.Configs(release), difference.Configs(release), withEqual);

    /// <summary>What is not as the release has it by default.</summary>
    public IEnumerable<ConfigDifference> CompareToDefaults(string? release) => Configs(release).SelectMany(ConfigComparison.ToDefaults);

    /// <summary>Plans the change of an option in the one file that these are.</summary>
    /// <param name="values">Empty to take the option out.</param>
    /// <param name="add">Keep the values the option has.</param>
    /// <param name="force">Take options and values that the release's table does not.</param>
    public PlannedChange PlanOption(string section, string option, IReadOnlyList<string> values, bool add, bool force, string? release)
    {
        var main = _files.Where(f => f.Name is not { IsAddition: true } && !f.IsFragment).ToList();
        var file = main.Count == 1 ? main[0] : _files.Count == 1 ? _files[0] : throw new OsMigrateException(
            ErrorIds.BadRequest, ErrorKind.InvalidArgument, $"There are several files to set {option} in: {string.Join(", ", _files.Take(5).Select(f => f.Path))}. Name the file, or the service.");
        return ConfigWriting.Plan(file, LookupOf(file, Known(release)), new OptionWish(section, option, values, add), force);
    }

    /// <summary>Plans to rewrite what is of the past, in every file that has some.</summary>
    public IReadOnlyList<PlannedChange> PlanModernization(string? release)
    {
        var configs = Configs(release);
        var plans = new List<PlannedChange>();
        foreach (var file in _files.Where(f => f.Service is not null))
        {
            var config = configs.First(c => c.Set.Files.Contains(file));
            var volumes = file.Service == ServiceName.Cinder && file.Name!.Program is null && !file.IsFragment
                ? _files.Where(f => f.Node == file.Node && f.Service == ServiceName.Nova).SelectMany(Modernization.VolumesOf).ToList()
                : [];
            plans.Add(Modernization.Plan(file, config, volumes));
        }

        return plans.Where(p => !p.IsNone).ToList();
    }

    /// <summary>Writes a planned change to where the files were read from.</summary>
    public ConfigChange Write(PlannedChange plan, bool backup, CancellationToken cancel)
        => plan.Write(_host ?? throw new InvalidOperationException("Files of several places are written one place at a time."), backup, DateTimeOffset.Now, cancel);

    internal IReadOnlyList<EffectiveConfig> Configs(string? release) => ConfigCheck.Configs(_files, Known(release));

    private static string Known(string? release) => release ?? OptionTables.Newest;

    /// <summary>How options of a file are found, with the sections that it names itself.</summary>
    private OptionLookup? LookupOf(ConfigFile file, string release) => ConfigCheck.Configs(_files, release).LastOrDefault(c => c.Set.Files.Contains(file))?.Lookup;

    private static ConfigFiles From(IConfigHost host, string path, ServiceName? service, Action<OsMigrateException> skipped, CancellationToken cancel)
    {
        var files = ConfigReading.Read(host, path, service, skipped, cancel);
        var storage = files.Where(f => f.Service == ServiceName.Nova).GroupBy(f => f.Folder).Select(g => StorageFacts.Of(host, g.First(), cancel)).OfType<StorageFacts>().ToList();
        return new ConfigFiles(host, files, storage);
    }
}
