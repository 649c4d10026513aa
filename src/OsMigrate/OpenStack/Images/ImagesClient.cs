using System.Text.Json.Nodes;
using OsMigrate.Bytes;
using OsMigrate.Net;
using OsMigrate.OpenStack.Services;

namespace OsMigrate.OpenStack.Images;

/// <summary>Glance: the Image service API v2.</summary>
public sealed class ImagesClient(CloudSession session)
{
    private const string PatchType = "application/openstack-images-v2.1-json-patch";

    private readonly ServiceClient _glance = session.Images;

    /// <summary>All images the project may see.</summary>
    /// <param name="name">Only those of exactly this name; null for all.</param>
    public IEnumerable<Image> List(CancellationToken cancel, string? name = null)
        => _glance.List("images?limit=100" + (name is null ? "" : "&name=" + Uri.EscapeDataString(name)), "images", cancel).Select(Image.Parse);

    /// <summary>Null when there is none of that id.</summary>
    public Image? Get(string id, CancellationToken cancel)
        => _glance.TryGet("images/" + Uri.EscapeDataString(id), "image", cancel) is { } image ? Image.Parse(image) : null;

    /// <summary>The one image of this id or name.</summary>
    public Image Find(string nameOrId, CancellationToken cancel)
        => Finder.One("image", nameOrId, id => Get(id, cancel), () => List(cancel, nameOrId), i => i.Id, session.Name);

    /// <summary>Registers an image that has no content yet. The id is chosen here, so that a lost answer can be looked up and nothing is made twice.</summary>
    public Image Create(ImageRequest request, CancellationToken cancel, string? id = null)
    {
        id ??= Guid.NewGuid().ToString("D");
        return Creation.Once(
            () => Image.Parse(_glance.Create("images", request.ToJson(id), "image", cancel)),
            () => Get(id, cancel));
    }

    /// <summary>Sends the content: once, with a token that outlives it. The image is then saving or active.</summary>
    /// <param name="size">Exact number of bytes that <paramref name="write"/> writes.</param>
    /// <param name="life">Time the token shall last.</param>
    public void Upload(string id, long size, TimeSpan life, Action<Stream, CancellationToken> write, CancellationToken cancel, bool stage = false)
    {
        // Glance compares the announced size with what arrives; releases before 2025.2 ignore the header.
        KeyValuePair<string, string>[] headers = [new("x-openstack-image-size", size.ToString(System.Globalization.CultureInfo.InvariantCulture))];
        _glance.Send("PUT", $"images/{id}/{(stage ? "stage" : "file")}", null, headers, life, cancel, call =>
            session.Transport.Send(call with { Body = HttpBody.Streamed("application/octet-stream", size, write), IsRepeatable = false }, cancel));
    }

    /// <summary>Has Glance take in what was staged, or fetch it from an address ("web-download").</summary>
    public void Import(string id, string method, Uri? address, IReadOnlyList<string> stores, CancellationToken cancel)
    {
        var how = new JsonObject { ["name"] = method };
        if (address is not null)
            how["uri"] = address.ToString();
        var body = new JsonObject { ["method"] = how };
        if (stores.Count > 0)
            body["stores"] = new JsonArray(stores.Select(s => (JsonNode)s).ToArray());
        _glance.Post($"images/{id}/import", body, cancel);
    }

    /// <summary>Import methods the cloud allows; empty when it allows none.</summary>
    public IReadOnlyList<string> ImportMethods(CancellationToken cancel)
        => _glance.TryGet("info/import", "import methods", cancel)?.Object("import-methods")?.Texts("value") ?? [];

    /// <summary>Why the last import failed; null while none did. Glances before API 2.12 do not tell.</summary>
    internal string? FailedTask(string id, CancellationToken cancel)
    {
        var tasks = _glance.TryGet($"images/{Uri.EscapeDataString(id)}/tasks", "tasks", cancel)?.Objects("tasks") ?? [];
        return tasks.Count > 0 && tasks[tasks.Count - 1] is var last && last.Text("status") == "failure" ? last.Text("message") is { Length: > 0 } why ? why : "its import failed" : null;
    }

    /// <summary>Downloads the content, handing it on while it arrives.</summary>
    public void Download(string id, Action<Stream, long?> read, CancellationToken cancel) => _glance.Receive($"images/{id}/file", read, cancel);

    /// <summary>Changes fields and properties; a null value removes a property.</summary>
    public Image Update(Image image, IReadOnlyDictionary<string, JsonNode?> changes, CancellationToken cancel)
    {
        var patch = new JsonArray();
        foreach (var change in changes)
        {
            var isThere = image.Properties.ContainsKey(change.Key);
            if (change.Value is null && !isThere)
                continue;
            var isField = change.Key is "name" or "visibility" or "protected" or "min_disk" or "min_ram" or "os_hidden" or "tags";
            var item = new JsonObject { ["op"] = change.Value is null ? "remove" : isField || isThere ? "replace" : "add", ["path"] = "/" + change.Key.Replace("~", "~0").Replace("/", "~1") };
            if (change.Value is not null)
                item["value"] = change.Value.DeepClone();
            patch.Add(item);
        }

        return patch.Count == 0 ? image : Image.Parse(Json.JsonFields.Parse(_glance.Send("PATCH", "images/" + image.Id, patch, cancel, contentType: PatchType).Body, "image"));
    }

    /// <returns>False when it was gone already.</returns>
    public bool Delete(string id, CancellationToken cancel) => _glance.Delete("images/" + Uri.EscapeDataString(id), cancel);

    /// <summary>Waits until the content is stored.</summary>
    /// <exception cref="OsMigrateException">It was killed or deleted, or fell back to queued.</exception>
    public Image WaitForActive(Image image, TimeSpan limit, CancellationToken cancel) => Waiting.For(
        () => Get(image.Id, cancel) ?? throw Failed(image, "it was deleted"),
        now => now.Status switch
        {
            "active" => true,
            "killed" or "deleted" or "pending_delete" or "deactivated" => throw Failed(now, $"its state is {now.Status}"),
            "queued" => throw Failed(now, now.Properties.TryGetValue("os_glance_failed_import", out var stores) && stores.Length > 0 ? $"the import into {stores} failed" : "Glance gave its content up"),
            _ => false,
        },
        $"the image '{image.Name}' to become active",
        limit,
        cancel);

    internal static OsMigrateException Failed(Image image, string why)
        => new(ErrorIds.CloudFailed, ErrorKind.ResourceUnavailable, $"The image '{image.Name}' ({image.Id}) failed: {why}.", image.Id);
}
