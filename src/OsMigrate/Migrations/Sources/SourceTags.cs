using OsMigrate.VSphere.Inventory;
using OsMigrate.VSphere.Sessions;
using OsMigrate.VSphere.Tags;

namespace OsMigrate.Migrations.Sources;

/// <summary>Looks up the tags that a move has to do with: the one that the source gets, and those that the server inherits.</summary>
internal static class SourceTags
{
    /// <summary>What Nova takes of a key or value of metadata.</summary>
    private const int MaxMetadata = 255;

    /// <exception cref="Bytes.OsMigrateException">There is no such tag, or the server has none at all; nothing was asked for, then nothing is thrown.</exception>
    public static (string? TagId, string? TagName, IReadOnlyDictionary<string, string> Metadata) Read(VSphereSession session, VSphereMachine machine, VSphereSourceOptions options, CancellationToken cancel)
    {
        if (options.TagWith is null && !options.CopyTags)
            return (null, null, new Dictionary<string, string>(StringComparer.Ordinal));
        using var tags = new VSphereTags(session, cancel);
        var id = options.TagWith is { } name ? tags.Find(name) : null;
        var present = options.CopyTags && tags.Of([machine.Reference]).TryGetValue(machine.Reference, out var found) ? found : [];
        return (id, id is null ? null : tags.NameOf(id), options.CopyTags ? Metadata(present, machine.CustomAttributes) : new Dictionary<string, string>(StringComparer.Ordinal));
    }

    /// <summary>"vsphere_tag_CATEGORY" = "TAG, TAG" and "vsphere_attribute_NAME" = "VALUE"; what Nova does not take in a key becomes an underscore.</summary>
    internal static IReadOnlyDictionary<string, string> Metadata(IEnumerable<string> tags, IReadOnlyDictionary<string, string> attributes)
    {
        var all = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var category in tags.Select(static t => t.Split(['/'], 2)).GroupBy(static t => t[0], static t => t[t.Length - 1], StringComparer.Ordinal))
            all[Key("vsphere_tag_" + category.Key)] = Cut(string.Join(", ", category));
        foreach (var attribute in attributes)
            all[Key("vsphere_attribute_" + attribute.Key)] = Cut(attribute.Value);
        return all;
    }

    private static string Key(string text) => Cut(new string([.. text.Select(static c => c is (>= 'a' and <= 'z') or (>= 'A' and <= 'Z') or (>= '0' and <= '9') or '-' or '_' or ':' or '.' or ' ' ? c : '_')]));

    private static string Cut(string text) => text.Length > MaxMetadata ? text.Substring(0, MaxMetadata) : text;
}
