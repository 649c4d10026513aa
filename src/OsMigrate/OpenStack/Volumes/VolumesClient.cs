using System.Text.Json.Nodes;
using OsMigrate.Bytes;
using OsMigrate.OpenStack.Services;

namespace OsMigrate.OpenStack.Volumes;

/// <summary>What a new volume shall be (Block Storage API v3, "Create a volume").</summary>
public sealed record VolumeRequest
{
    public required string Name { get; init; }

    public required long SizeGiB { get; init; }

    public string? Description { get; init; }

    /// <summary>Image whose content it gets; null for an empty volume.</summary>
    public string? ImageId { get; init; }

    /// <summary>Volume whose content it gets; null for none.</summary>
    public string? SourceVolumeId { get; init; }

    public string? VolumeType { get; init; }

    public string? AvailabilityZone { get; init; }

    public IReadOnlyDictionary<string, string> Metadata { get; init; } = new Dictionary<string, string>(StringComparer.Ordinal);

    internal JsonObject ToJson(string mark)
    {
        var volume = new JsonObject { ["name"] = Name, ["size"] = SizeGiB };
        foreach (var (name, value) in new[] { ("description", Description), ("imageRef", ImageId), ("source_volid", SourceVolumeId), ("volume_type", VolumeType), ("availability_zone", AvailabilityZone) })
        {
            if (value is not null)
                volume[name] = value;
        }

        var metadata = new JsonObject(Metadata.Select(m => new KeyValuePair<string, JsonNode?>(m.Key, m.Value)));
        metadata[VolumesClient.RequestMark] = mark;
        volume["metadata"] = metadata;
        return new JsonObject { ["volume"] = volume };
    }
}

/// <summary>Cinder: the Block Storage API v3.</summary>
public sealed class VolumesClient(CloudSession session)
{
    /// <summary>Key of the metadata that marks what one call made, so that it is found after a lost answer.</summary>
    public const string RequestMark = "osmigrate_request_id";

    private readonly ServiceClient _cinder = session.Volumes;

    /// <param name="name">Only volumes of exactly this name; null for all.</param>
    /// <param name="allProjects">Of every project; for administrators.</param>
    public IEnumerable<Volume> List(CancellationToken cancel, string? name = null, bool allProjects = false)
        => _cinder.List("volumes/detail?limit=200" + (allProjects ? "&all_tenants=1" : "") + (name is null ? "" : "&name=" + Uri.EscapeDataString(name)), "volumes", cancel).Select(Volume.Parse);

    public Volume? Get(string id, CancellationToken cancel)
        => _cinder.TryGet("volumes/" + Uri.EscapeDataString(id), "volume", cancel) is { } body ? Volume.Parse(body.NeededObject("volume")) : null;

    public Volume Find(string nameOrId, CancellationToken cancel)
        => Finder.One("volume", nameOrId, id => Get(id, cancel), () => List(cancel, nameOrId), v => v.Id, session.Name);

    /// <summary>Makes a volume; it is then creating or downloading.</summary>
    /// <param name="mark">Unique mark of the request; null to choose one.</param>
    public Volume Create(VolumeRequest request, CancellationToken cancel, string? mark = null)
    {
        mark ??= Guid.NewGuid().ToString("D");
        return Creation.Once(
            () => Volume.Parse(_cinder.Create("volumes", request.ToJson(mark), "volume", cancel).NeededObject("volume")),
            () => FindMarked(request.Name, mark, cancel));
    }

    /// <summary>The volume that carries a mark, or null.</summary>
    public Volume? FindMarked(string name, string mark, CancellationToken cancel) => Marked(name, mark, cancel).FirstOrDefault();

    /// <summary>All volumes that carry a mark.</summary>
    public IEnumerable<Volume> Marked(string name, string mark, CancellationToken cancel)
        => List(cancel, name).Where(v => v.Metadata.TryGetValue(RequestMark, out var value) && value == mark);

    /// <summary>Waits until a volume is available.</summary>
    /// <exception cref="OsMigrateException">It went to error; the reason is what Cinder's messages say.</exception>
    public Volume WaitForAvailable(Volume volume, TimeSpan limit, CancellationToken cancel, Action<Volume>? seen = null) => WaitFor(volume, "available", limit, cancel, seen);

    /// <summary>Waits until a volume has a state: available, in-use.</summary>
    public Volume WaitFor(Volume volume, string state, TimeSpan limit, CancellationToken cancel, Action<Volume>? seen = null) => Waiting.For(
        () => Get(volume.Id, cancel) ?? throw Failed(volume, "it was deleted"),
        now =>
        {
            seen?.Invoke(now);
            return now.Status.StartsWith("error", StringComparison.Ordinal) ? throw Failed(now, Reason(now.Id, cancel) ?? $"its state is {now.Status}") : now.Status == state;
        },
        $"the volume '{volume.Name}' to become {state}",
        limit,
        cancel);

    /// <returns>False when it was gone already.</returns>
    public bool Delete(string id, CancellationToken cancel) => _cinder.Delete("volumes/" + Uri.EscapeDataString(id), cancel);

    public void WaitForGone(Volume volume, TimeSpan limit, CancellationToken cancel) => Waiting.For(
        () => Get(volume.Id, cancel),
        now => now is null || (now.Status.StartsWith("error", StringComparison.Ordinal) ? throw Failed(now, Reason(now.Id, cancel) ?? $"its state is {now.Status}") : false),
        $"the volume '{volume.Name}' to be gone",
        limit,
        cancel);

    /// <summary>Lets servers boot from it, or not.</summary>
    public void SetBootable(string id, bool bootable, CancellationToken cancel)
        => _cinder.Post($"volumes/{id}/action", new JsonObject { ["os-set_bootable"] = new JsonObject { ["bootable"] = bootable } }, cancel);

    /// <summary>Sets the image properties (firmware, disk bus ...) that Nova follows when a server boots from it.</summary>
    public void SetImageMetadata(string id, IReadOnlyDictionary<string, string> metadata, CancellationToken cancel)
        => _cinder.Post($"volumes/{id}/action", new JsonObject
        {
            ["os-set_image_metadata"] = new JsonObject { ["metadata"] = new JsonObject(metadata.Select(m => new KeyValuePair<string, JsonNode?>(m.Key, m.Value))) },
        }, cancel);

    public IReadOnlyList<VolumeType> Types(CancellationToken cancel)
    {
        var standard = _cinder.TryGet("types/default", "volume type", cancel)?.Object("volume_type")?.Text("id");
        return _cinder.List("types?limit=200", "volume_types", cancel)
            .Select(t => new VolumeType(t.Needed("id"), t.Text("name") ?? "", t.Text("description"), t.Flag("is_public") ?? true, t.Text("id") == standard) { ExtraSpecs = t.Map("extra_specs") }).ToList();
    }

    public VolumeType FindType(string nameOrId, CancellationToken cancel)
    {
        var types = Types(cancel);
        return Finder.One("volume type", nameOrId, id => types.FirstOrDefault(t => t.Id == id), () => types.Where(t => t.Name == nameOrId), t => t.Id, session.Name);
    }

    /// <summary>What Cinder tells users of the last failure with a volume (API 3.3 and newer).</summary>
    private string? Reason(string id, CancellationToken cancel)
    {
        try
        {
            return _cinder.List($"messages?resource_uuid={id}", "messages", cancel).OrderByDescending(m => m.Time("created_at")).Select(m => m.Text("user_message")).FirstOrDefault()?.TrimEnd('.');
        }
        catch (CloudException)
        {
            return null;
        }
    }

    private static OsMigrateException Failed(Volume volume, string why)
        => new(ErrorIds.CloudFailed, ErrorKind.ResourceUnavailable, $"The volume '{volume.Name}' ({volume.Id}) failed: {why}.", volume.Id);
}
