using OsMigrate.Bytes;
using OsMigrate.OpenStack.Volumes;

namespace OsMigrate.OpenStack.Compute;

/// <summary>Attaches volumes to servers and detaches them, and waits until that is done.</summary>
public sealed class VolumeAttaching(CloudSession session)
{
    private readonly ServersClient _servers = new(session);
    private readonly VolumesClient _volumes = new(session);

    /// <summary>Longest time to wait; null not to wait.</summary>
    public TimeSpan? Limit { get; init; }

    /// <summary>Told of every state that is seen.</summary>
    public Action<Volume>? Seen { get; init; }

    /// <summary>Attaches; a volume that is attached to this server already is left as it is.</summary>
    public Volume Attach(Server server, Volume volume, CancellationToken cancel)
    {
        if (volume.Status == "in-use" && volume.ServerIds.Contains(server.Id))
            return volume;
        var request = _servers.Attach(server.Id, volume.Id, cancel);
        return Wait(volume, $"the volume '{volume.Name}' to be attached to '{server.Name}'", cancel, now =>
        {
            // Nova gives the volume back when attaching fails.
            if (now.Status is "available" or "error" or "error_attaching" && _servers.ActionOf(server.Id, request, cancel) is { HasFailed: true } failed)
                throw Failed($"The volume '{volume.Name}' was not attached to '{server.Name}'", failed, volume);
            return now.Status == "in-use" && now.ServerIds.Contains(server.Id);
        });
    }

    /// <summary>Detaches; a volume that is not attached to this server is left as it is.</summary>
    public Volume Detach(Server server, Volume volume, CancellationToken cancel)
    {
        var request = _servers.Detach(server.Id, volume.Id, cancel);
        return Wait(volume, $"the volume '{volume.Name}' to be detached from '{server.Name}'", cancel, now =>
        {
            if (now.Status is "in-use" or "error_detaching" && _servers.ActionOf(server.Id, request, cancel) is { HasFailed: true } failed)
                throw Failed($"The volume '{volume.Name}' stays attached to '{server.Name}'", failed, volume);
            return now.Status is "available" or "in-use" && !now.ServerIds.Contains(server.Id);
        });
    }

    private Volume Wait(Volume volume, string what, CancellationToken cancel, Func<Volume, bool> isDone)
    {
        if (Limit is not { } limit)
            return _volumes.Get(volume.Id, cancel) ?? volume;
        return Waiting.For(() => _volumes.Get(volume.Id, cancel) ?? throw new OsMigrateException(ErrorIds.CloudNotFound, ErrorKind.NotFound, $"The volume {volume.Id} is gone.", volume.Id), now =>
        {
            Seen?.Invoke(now);
            return isDone(now);
        }, what, limit, cancel);
    }

    private static OsMigrateException Failed(string what, InstanceAction action, Volume volume)
        => new(ErrorIds.CloudFailed, ErrorKind.ResourceUnavailable, $"{what}: {action.Reason ?? "Nova gives no reason"}.", volume.Id);
}
