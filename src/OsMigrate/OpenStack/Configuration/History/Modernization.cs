using OsMigrate.OpenStack.Configuration.Editing;
using OsMigrate.OpenStack.Configuration.Files;
using OsMigrate.OpenStack.Configuration.Options;
using OsMigrate.OpenStack.Configuration.Text;
using OsMigrate.OpenStack.Configuration.Values;

namespace OsMigrate.OpenStack.Configuration.History;

/// <summary>Rewrites options of the past in one file to what they are today.</summary>
internal sealed class Modernization
{
    private readonly ConfigFile _file;
    private readonly EffectiveConfig _config;
    private readonly ConfigEdit _edit;
    private readonly List<string> _notes = [];

    private Modernization(ConfigFile file, EffectiveConfig config)
        => (_file, _config, _edit) = (file, config, new ConfigEdit(file.Document));

    /// <param name="volumes">nova-volume's options of the same machine's nova.conf, for a cinder.conf that has no backend yet.</param>
    public static PlannedChange Plan(ConfigFile file, EffectiveConfig config, IReadOnlyList<ConfigItem> volumes)
    {
        if (file.Document.Faults.Count > 0)
            throw ConfigErrors.Broken(file.Path, file.Document.Faults[0]);
        var work = new Modernization(file, config);
        work.Run(volumes);
        return PlannedChange.Of(file, work._edit.Result, config.Lookup, work._notes);
    }

    /// <summary>What a nova.conf says of nova-volume: the driver and its iSCSI target.</summary>
    public static IReadOnlyList<ConfigItem> VolumesOf(ConfigFile nova)
        => nova.Document.Items.Where(i => i.Group == GroupNames.Default && (i.Name is "volume_driver" or "volume_group" || i.Name.StartsWith("iscsi_", StringComparison.Ordinal))).ToList();

    private void Run(IReadOnlyList<ConfigItem> volumes)
    {
        var past = _file.Document.Items.Where(i => i.Section.Length > 0)
            .Select(i => (Item: i, Past: OptionHistory.Entry(_config.Set.Service, _config.Lookup, i, _config.Filled(i))))
            .Where(p => p.Past is not null)
            .Select(p => (p.Item, Past: p.Past!))
            .ToList();
        Broker(past.Where(p => p.Past.Family == OptionFamily.Broker).Select(p => p.Item).ToList());
        Login(past.Where(p => p.Past.Family == OptionFamily.Login).Select(p => p.Item).ToList());
        Backend([.. past.Where(p => p.Past.Family == OptionFamily.Backend).Select(p => p.Item), .. volumes]);
        foreach (var (item, entry) in past.Where(p => p.Past.Family == OptionFamily.None))
            One(item, entry);
        foreach (var item in _file.Document.Items.Where(i => i.Section.Length > 0 && !past.Exists(p => p.Item == i)))
            Renamed(item);
    }

    private void One(ConfigItem item, PastOption past)
    {
        if (past.OnlyValues)
        {
            _edit.Set(item.Section, item.Name, [past.Convert!(_config.Filled(item))!]);
            Note(item, $"has today's value: {past.Story}");
            return;
        }

        _edit.Remove(item.Section, item.Name);
        if (past.Now is not { } now)
        {
            Note(item, $"is removed: {past.Story}");
            return;
        }

        var value = past.Convert is null ? item.Value : past.Convert(item.Value) ?? item.Value;
        if (_config.Hit(now.Group, now.Name) is null)
            _edit.Set(now.Group == item.Group ? item.Section : now.Group, now.Name, [value]);
        Note(item, $"is now {now}: {past.Story}");
    }

    /// <summary>Names that the release still reads, but not by their own name.</summary>
    private void Renamed(ConfigItem item)
    {
        var known = _config.Lookup.Find(item.Group, item.Name);
        var now = known is null ? _config.Lookup.FindByOldName(item.Group, item.Name) : known.IsDeprecated ? _config.Lookup.Table.Successor(known) : null;
        if (now is not { IsMulti: false } option)
            return;
        var section = option.Group == OptionTable.AuthGroup || _config.Lookup.IsOwn(item.Group) || option.Group == item.Group ? item.Section : option.Group;
        _edit.Remove(item.Section, item.Name);
        if (!_file.Document.Items.Any(i => i.Group == GroupNames.Normal(section) && i.Name == option.Name))
            _edit.Set(section, option.Name, [item.Value]);
        Note(item, $"is now [{section}] {option.Name}.");
    }

    private void Broker(IReadOnlyList<ConfigItem> items)
    {
        if (items.Count == 0)
            return;
        string? Of(string name) => items.LastOrDefault(i => i.Name == name) is { } item ? _config.Filled(item) : null;
        if (_config.Hit(GroupNames.Default, "transport_url") is null)
        {
            var login = Uri.EscapeDataString(Of("rabbit_userid") ?? "guest") + ":" + Uri.EscapeDataString(Of("rabbit_password") ?? "guest");
            var port = Of("rabbit_port") ?? "5672";
            var hosts = (Of("rabbit_hosts") ?? Of("rabbit_host") ?? "localhost").Split([','], StringSplitOptions.RemoveEmptyEntries).Select(h => h.Trim());
            var address = string.Join(",", hosts.Select(h => $"{login}@{(h.LastIndexOf(':') > h.LastIndexOf(']') ? h : h + ":" + port)}"));
            var path = Of("rabbit_virtual_host") is { } name && name != "/" ? Uri.EscapeDataString(name.TrimStart('/')) : "";
            // A dollar sign of the password begins no reference.
            _edit.Set(GroupNames.Default, "transport_url", [$"rabbit://{address}/{path}".Replace("$", "$$")]);
        }

        Drop(items, "[DEFAULT] transport_url: oslo.messaging reads no other address since Stein.");
    }

    private void Login(IReadOnlyList<ConfigItem> items)
    {
        if (items.Count == 0)
            return;
        var section = items[0].Section;
        string? Of(string name) => items.LastOrDefault(i => i.Name == name) is { } item ? item.Value : null;
        var host = Of("auth_host") is { } named ? $"{Of("auth_protocol") ?? "https"}://{named}:{Port(Of("auth_port"))}" : null;
        (string Name, string? Value)[] today =
        [
            ("auth_url", Of("identity_uri") is { } uri ? PastValues.AuthUrl(uri.Replace(":35357", ":5000")) : host is null ? null : host + "/v3"), ("auth_type", "password"), ("username", Of("admin_user")), ("password", Of("admin_password")),
            ("project_name", Of("admin_tenant_name")), ("user_domain_name", "Default"), ("project_domain_name", "Default"),
        ];
        foreach (var (name, value) in today)
        {
            if (value is not null && _config.Hit("keystone_authtoken", name) is null)
                _edit.Set(section, name, [value]);
        }

        Drop(items, "a login to Keystone's v3 API, in the domain Default.");
    }

    private static string Port(string? port) => port is null or "35357" ? "5000" : port;

    private void Backend(IReadOnlyList<ConfigItem> items)
    {
        if (items.Count == 0 || _config.Set.Service != ServiceName.Cinder)
            return;
        if (VolumeBackends(_config).Count > 0)
        {
            Drop(items, "nothing: with enabled_backends, only the backends' own sections count.");
            return;
        }

        string? Of(string name) => items.LastOrDefault(i => i.Name == name)?.Value;
        var old = Of("volume_driver") ?? "cinder.volume.drivers.lvm.LVMVolumeDriver";
        var driver = PastValues.VolumeDriver(old) ?? old;
        var name = driver.IndexOf(".lvm.", StringComparison.Ordinal) >= 0 ? "lvm" : driver.Split('.') is { Length: > 3 } parts ? parts[3].ToLowerInvariant() : "backend1";
        Drop(items, $"[{name}], a backend's own section.");
        _edit.Set(GroupNames.Default, "enabled_backends", [name]);
        _edit.Set(name, "volume_driver", [driver]);
        _edit.Set(name, "volume_backend_name", [name]);
        if (name == "lvm")
            _edit.Set(name, "volume_group", [Of("volume_group") ?? "cinder-volumes"]);
        foreach (var entry in PastOptions.All.Where(p => p.Family == OptionFamily.Backend && p.Name.StartsWith("iscsi_", StringComparison.Ordinal)))
        {
            if (Of(entry.Name) is { } value)
                _edit.Set(name, entry.Now!.Value.Name, [entry.Convert is null ? value : entry.Convert(value) ?? value]);
        }

        foreach (var item in OfBackendsOnly())
        {
            _edit.Remove(item.Section, item.Name);
            _edit.Set(name, item.Name, [item.Value]);
            Note(item, $"is now in [{name}]: it is an option of backends.");
        }

        if (name == "lvm")
            Compute(Of("iscsi_helper"));
    }

    /// <summary>What stands in [DEFAULT] and is only read in a backend's section.</summary>
    private IEnumerable<ConfigItem> OfBackendsOnly() => _file.Document.Items
        .Where(i => i.Group == GroupNames.Default && _config.Lookup.Table.Find(GroupNames.Default, i.Name) is null && _config.Lookup.Table.Find("backend_defaults", i.Name) is { IsMulti: false }
            && PastOptions.All.All(p => !p.Fits(ServiceName.Cinder, i.Group, i.Name)));

    private void Compute(string? helper)
    {
        if (helper is null or "tgtadm")
            _notes.Add("target_helper tgtadm needs the package tgt on this host; where there is none (RHEL and its likes), use lioadm and the package targetcli.");
        _notes.Add("Compute hosts need open-iscsi with an initiator name of their own, and reach target_ip_address (by default my_ip) on port 3260.");
        _notes.Add("nova.conf needs no volume option but [cinder] os_region_name where there are several regions, and a login in [service_user].");
    }

    private static IReadOnlyList<string> VolumeBackends(EffectiveConfig config) => Checks.VolumeChecks.Backends(config);

    private void Drop(IReadOnlyList<ConfigItem> items, string became)
    {
        foreach (var item in items.Where(i => _file.Document.Items.Contains(i)))
        {
            _edit.Remove(item.Section, item.Name);
            Note(item, "became " + became);
        }
    }

    private void Note(ConfigItem item, string what) => _notes.Add($"[{item.Section}] {item.Name} {what}");
}
