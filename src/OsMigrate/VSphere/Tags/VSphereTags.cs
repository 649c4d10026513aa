using System.Text.Json.Nodes;
using OsMigrate.Bytes;
using OsMigrate.VSphere.Sessions;

namespace OsMigrate.VSphere.Tags;

/// <summary>Tags of a vCenter: reads those of machines, attaches and detaches. Tags themselves are never made or deleted.</summary>
public sealed class VSphereTags : IDisposable
{
    private const int Batch = 500;

    private readonly VSphereSession _session;
    private readonly RestSession _rest;
    private readonly Dictionary<string, string> _names = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string> _categories = new(StringComparer.Ordinal);

    /// <exception cref="OsMigrateException"><see cref="ErrorIds.VSphereUnsupported"/> on an ESXi host.</exception>
    public VSphereTags(VSphereSession session, CancellationToken cancel) => (_session, _rest) = (session, new RestSession(session, cancel));

    /// <summary>Tags of machines as "category/tag", sorted; machines without any are left out.</summary>
    public IReadOnlyDictionary<MoRef, IReadOnlyList<string>> Of(IEnumerable<MoRef> machines)
    {
        var found = new Dictionary<MoRef, IReadOnlyList<string>>();
        var all = machines.ToList();
        for (var from = 0; from < all.Count; from += Batch)
        {
            var objects = new JsonArray([.. all.Skip(from).Take(Batch).Select(static m => (JsonNode)Object(m))]);
            foreach (var entry in Items(_rest.Ask("tag-association", null, "list-attached-tags-on-objects", new JsonObject { ["object_ids"] = objects })))
            {
                var tags = Items(entry?["tag_ids"]).Select(Text).Where(static id => id.Length > 0).Select(NameOf).OrderBy(static n => n, StringComparer.OrdinalIgnoreCase).ToList();
                if (tags.Count > 0)
                    found[new MoRef(Text(entry?["object_id"]?["type"]), Text(entry?["object_id"]?["id"]))] = tags;
            }
        }

        return found;
    }

    /// <summary>Id of a tag by "category/tag", or by its own name where only one has it.</summary>
    /// <exception cref="OsMigrateException"><see cref="ErrorIds.VSphereNotFound"/>, <see cref="ErrorIds.VSphereAmbiguous"/>.</exception>
    public string Find(string name)
    {
        var all = Items(_rest.Ask("tag", null)).Select(Text).Where(static id => id.Length > 0).Select(id => (Id: id, Name: NameOf(id))).ToList();
        var fitting = all.Where(t => string.Equals(t.Name, name, StringComparison.OrdinalIgnoreCase)).ToList();
        if (fitting.Count == 0)
            fitting = all.Where(t => string.Equals(t.Name.Substring(t.Name.IndexOf('/') + 1), name, StringComparison.OrdinalIgnoreCase)).ToList();
        return fitting.Count switch
        {
            1 => fitting[0].Id,
            0 => throw new OsMigrateException(ErrorIds.VSphereNotFound, ErrorKind.NotFound, $"{_session.Name} has no tag '{name}'. It has: {string.Join(", ", all.Select(static t => t.Name).OrderBy(static n => n, StringComparer.OrdinalIgnoreCase).Take(20).DefaultIfEmpty("none"))}.", name),
            _ => throw new OsMigrateException(ErrorIds.VSphereAmbiguous, ErrorKind.InvalidArgument, $"Several tags of {_session.Name} are called '{name}': {string.Join(", ", fitting.Select(static t => t.Name))}.", name) { Advice = "Write category/tag." },
        };
    }

    public void Attach(string tagId, MoRef machine) => _rest.Ask("tag-association", tagId, "attach", new JsonObject { ["object_id"] = Object(machine) });

    public void Detach(string tagId, MoRef machine) => _rest.Ask("tag-association", tagId, "detach", new JsonObject { ["object_id"] = Object(machine) });

    public void Dispose() => _rest.Dispose();

    /// <summary>"category/tag" of an id.</summary>
    public string NameOf(string tagId)
    {
        if (_names.TryGetValue(tagId, out var known))
            return known;
        var tag = _rest.Ask("tag", tagId);
        var category = Text(tag?["category_id"]);
        if (!_categories.TryGetValue(category, out var name))
            _categories[category] = name = category.Length == 0 ? "" : Text(_rest.Ask("category", category)?["name"]);
        return _names[tagId] = $"{name}/{Text(tag?["name"])}";
    }

    private static JsonObject Object(MoRef machine) => new() { ["type"] = machine.Type, ["id"] = machine.Value };

    private static IEnumerable<JsonNode?> Items(JsonNode? node) => node as JsonArray ?? [];

    private static string Text(JsonNode? node) => node is JsonValue value && value.TryGetValue<string>(out var text) ? text : "";
}
