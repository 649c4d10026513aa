using OsMigrate.Bytes;
using OsMigrate.OpenStack.Volumes;

namespace OsMigrate.OpenStack.Compute;

/// <summary>Makes a server and waits until it runs; what fails is taken away again.</summary>
public sealed class ServerBuild(CloudSession session)
{
    private static readonly TimeSpan CleanUpLimit = TimeSpan.FromMinutes(2);
    private static readonly TimeSpan SecondLook = TimeSpan.FromSeconds(2);

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
        var server = Create(request, cancel);
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

    /// <summary>Makes it; when the answer never comes, what was made nevertheless is found by its mark and taken away.</summary>
    private Server Create(ServerRequest request, CancellationToken cancel)
    {
        var mark = Guid.NewGuid().ToString("D");
        var metadata = request.Metadata.ToDictionary(m => m.Key, m => m.Value, StringComparer.Ordinal);
        metadata[ServersClient.RequestMark] = mark;
        try
        {
            return _servers.Create(request with { Metadata = metadata }, cancel);
        }
        catch (Exception e) when (e is OperationCanceledException or OsMigrateException { ErrorId: ErrorIds.NetInterrupted or ErrorIds.NetTimeout or ErrorIds.CloudUnavailable })
        {
            if (FindMade(request.Name, mark) is { } made)
                TakeAway(made, request);
            throw;
        }
    }

    private Server? FindMade(string name, string mark)
    {
        using var cleanUp = new CancellationTokenSource(CleanUpLimit);
        try
        {
            if (_servers.FindMarked(name, mark, cleanUp.Token) is { } made)
                return made;
            // The service may still be at work on a request whose sender has gone.
            cleanUp.Token.WaitHandle.WaitOne(SecondLook);
            return _servers.FindMarked(name, mark, cleanUp.Token);
        }
        catch (Exception e) when (e is OsMigrateException or OperationCanceledException)
        {
            // The cloud does not answer: the first error says so already.
            return null;
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
