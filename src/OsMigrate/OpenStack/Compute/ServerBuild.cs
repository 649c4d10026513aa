using OsMigrate.Bytes;
using OsMigrate.OpenStack.Volumes;

namespace OsMigrate.OpenStack.Compute;

/// <summary>Makes a server and waits until it runs; what fails is taken away again.</summary>
public sealed class ServerBuild(CloudSession session)
{
    private static readonly TimeSpan CleanUpLimit = TimeSpan.FromMinutes(2);

    private readonly ServersClient _servers = new(session);

    /// <summary>Longest time to wait until it runs; null not to wait.</summary>
    public TimeSpan? Limit { get; init; }

    /// <summary>Leaves a server that failed, for a look at it.</summary>
    public bool KeepOnFailure { get; init; }

    /// <summary>Told of every state that is seen.</summary>
    public Action<Server>? Seen { get; init; }

    /// <exception cref="OsMigrateException">Nova refused it, it went to ERROR (with Nova's reason), or it took too long.</exception>
    public Server Run(ServerRequest request, CancellationToken cancel)
    {
        var server = _servers.Create(request, cancel);
        if (Limit is not { } limit)
            return server;
        try
        {
            return _servers.WaitFor(server, ["ACTIVE"], limit, cancel, Seen);
        }
        catch (OsMigrateException e)
        {
            throw new OsMigrateException(e.ErrorId, e.Kind, $"{e.Message} {(KeepOnFailure ? "It was kept." : TakeAway(server, request))}", server.Id, e)
            {
                Advice = e.Advice ?? (KeepOnFailure ? null : "-KeepOnFailure leaves such a server for a look at it."),
            };
        }
        catch (OperationCanceledException) when (!KeepOnFailure)
        {
            TakeAway(server, request);
            throw;
        }
    }

    /// <summary>Deletes the server and the volumes that Nova made for it.</summary>
    /// <returns>What to tell of that.</returns>
    private string TakeAway(Server server, ServerRequest request)
    {
        using var cleanUp = new CancellationTokenSource(CleanUpLimit);
        try
        {
            var volumes = _servers.Get(server.Id, cleanUp.Token)?.VolumeIds ?? [];
            if (_servers.Delete(server.Id, cleanUp.Token))
                _servers.WaitForGone(server, CleanUpLimit, cleanUp.Token);
            foreach (var made in volumes.Where(v => !request.Disks.Any(d => d.SourceType == "volume" && d.SourceId == v)))
                new VolumesClient(session).Delete(made, cleanUp.Token);
            return "It was deleted.";
        }
        catch (Exception e) when (e is OsMigrateException or OperationCanceledException)
        {
            // The first error is the one that matters; this one only says what is left.
            return $"It could not be deleted ({e.Message.TrimEnd('.')}): remove it yourself.";
        }
    }
}
