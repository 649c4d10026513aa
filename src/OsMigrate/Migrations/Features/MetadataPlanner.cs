using System.Globalization;
using OsMigrate.Bytes;

namespace OsMigrate.Migrations.Features;

/// <summary>Makes metadata of Nova from what vSphere notes of a machine.</summary>
/// <remarks>Compute API v2.1, "Server metadata": keys of letters, digits and -_:. and space; keys and values of at most 255 characters. Masakari: HA_Enabled is what its evacuation looks for.</remarks>
/// <param name="prefix">Begins every key but HA_Enabled: "vsphere:".</param>
/// <param name="most">Entries that the cloud allows for one server, without our own marks.</param>
/// <param name="watchdog">Machines that HA monitors get a watchdog device, which resets a guest that hangs.</param>
public sealed class MetadataPlanner(string prefix, int most, bool watchdog = false)
{
    /// <summary>Key by which Masakari knows what to start again ([host_failure] ha_enabled_instance_metadata_key).</summary>
    public const string ProtectionKey = "HA_Enabled";

    /// <summary>Nova's usual quota (metadata_items), less the two marks of a job.</summary>
    public const int UsualMost = 126;

    private const int MaxLength = 255;

    public MetadataConversion Convert(PlacementMachine machine)
    {
        var (metadata, lost) = (new Dictionary<string, string>(StringComparer.Ordinal), new List<string>());
        if (machine.RestartPriority.Length > 0)
            metadata[ProtectionKey] = machine.IsProtected ? "True" : "False";
        foreach (var (name, value) in Facts(machine).Where(static f => f.Value is { Length: > 0 }))
            Add(metadata, lost, name, value!);
        var isMonitored = machine.Monitoring is "vmMonitoringOnly" or "vmAndAppMonitoring";
        if (isMonitored)
            lost.Add(watchdog ? "HA watched VMware Tools; the watchdog watches a daemon that the guest must run." : "HA watched VMware Tools; nothing watches the guest.");
        return new MetadataConversion(machine.Server, machine.Id, machine.Name)
        {
            Metadata = metadata,
            ImageProperties = watchdog && isMonitored ? new Dictionary<string, string>(StringComparer.Ordinal) { ["hw_watchdog_action"] = "reset" } : [],
            Lost = lost,
        };
    }

    /// <summary>What matters most comes first: it is kept when there is too much.</summary>
    private static IEnumerable<(string Name, string? Value)> Facts(PlacementMachine machine)
    {
        yield return ("ha_restart_priority", machine.RestartPriority);
        yield return ("ha_isolation_response", machine.IsolationResponse);
        yield return ("vm_monitoring", machine.Monitoring);
        yield return ("vapp", machine.VApp);
        yield return ("start_order", machine.StartOrder?.ToString(CultureInfo.InvariantCulture));
        yield return ("start_delay", machine.DelaySeconds > 0 ? machine.DelaySeconds.ToString(CultureInfo.InvariantCulture) : null);
        yield return ("cluster", machine.Cluster);
        yield return ("folder", machine.Folder);
        yield return ("resource_pool", machine.ResourcePool);
        foreach (var category in machine.Tags.Select(Split).GroupBy(static t => t.Category, static t => t.Tag, StringComparer.Ordinal).OrderBy(static c => c.Key, StringComparer.Ordinal))
            yield return ("tag:" + category.Key, string.Join(", ", category.OrderBy(static t => t, StringComparer.Ordinal)));
        foreach (var attribute in machine.Attributes.OrderBy(static a => a.Key, StringComparer.Ordinal))
            yield return ("attribute:" + attribute.Key, attribute.Value);
    }

    private void Add(Dictionary<string, string> metadata, List<string> lost, string name, string value)
    {
        if (metadata.Count >= most)
        {
            lost.Add($"'{Short(name)}' is left out: the cloud allows {most} entries.");
            return;
        }

        var key = Cut(new string((prefix + name).Select(static c => IsAllowed(c) ? c : '_').ToArray()), MaxLength);
        if (key != prefix + name)
            lost.Add($"'{Short(name)}' became '{Short(key)}': keys have letters, digits and -_:. and space only, and at most {MaxLength} characters.");
        var stem = key;
        for (var n = 2; metadata.ContainsKey(key); n++)
        {
            var mark = FormattableString.Invariant($"_{n}");
            key = Cut(stem, MaxLength - mark.Length) + mark;
        }

        if (key != stem)
            lost.Add($"'{Short(name)}' became '{Short(key)}': another has the same key.");

        var clean = new string(value.Select(static c => char.IsControl(c) ? ' ' : char.IsSurrogate(c) ? '?' : c).ToArray());
        if (clean != value)
            lost.Add($"'{Short(name)}': line ends and characters that Nova's database does not take were replaced.");
        if (clean.Length > MaxLength)
            lost.Add(FormattableString.Invariant($"'{Short(name)}': cut from {clean.Length} to {MaxLength} characters."));
        metadata[key] = Cut(clean, MaxLength);
    }

    /// <summary>"category/tag"; a tag alone is of no category.</summary>
    private static (string Category, string Tag) Split(string text)
        => text.IndexOf('/') is > 0 and var at ? (text.Substring(0, at), text.Substring(at + 1)) : ("", text);

    /// <summary>What the user wrote is not changed, but refused before anything is made: Nova would answer 400, or 500 for characters beyond the basic plane, after everything is uploaded.</summary>
    /// <exception cref="OsMigrateException"><see cref="ErrorIds.BadRequest"/>.</exception>
    public static void Require(IReadOnlyDictionary<string, string> metadata)
    {
        foreach (var entry in metadata)
        {
            if (entry.Key.Length is 0 or > MaxLength || !entry.Key.All(IsAllowed) || entry.Value.Length > MaxLength || entry.Value.Any(char.IsSurrogate))
                throw new OsMigrateException(ErrorIds.BadRequest, ErrorKind.InvalidArgument, $"Nova does not take the metadata '{Short(entry.Key)}' = '{Short(entry.Value)}': keys have letters, digits and -_:. and space, keys and values at most {MaxLength} characters, and no emoji.", Short(entry.Key));
        }
    }

    private static bool IsAllowed(char c) => c is >= 'a' and <= 'z' or >= 'A' and <= 'Z' or >= '0' and <= '9' or '-' or '_' or ':' or '.' or ' ';

    private static string Cut(string text, int length) => text.Length <= length ? text : text.Substring(0, length);

    private static string Short(string text) => text.Length <= 60 ? text : text.Substring(0, 60) + "...";
}
