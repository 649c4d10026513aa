using System.Text.Json.Nodes;
using OsMigrate.Bytes;
using OsMigrate.OpenStack.Services;

namespace OsMigrate.OpenStack.Compute;

/// <summary>Whether a live move copies the disks too.</summary>
public enum BlockMigration
{
    /// <summary>Nova finds out whether the hosts share storage.</summary>
    Auto,

    /// <summary>Copies the disks.</summary>
    Always,

    /// <summary>The hosts share storage.</summary>
    Never,
}

/// <summary>Moves a server to another compute host and waits until it is there. For administrators.</summary>
/// <remarks>Compute API guide, "Server concepts": a live move that fails leaves the server ACTIVE where it was, only the migration says so.</remarks>
public sealed class ServerMove(CloudSession session)
{
    private readonly ServersClient _servers = new(session);
    private readonly ServiceClient _nova = session.Compute;

    /// <summary>Longest time to wait; null not to wait.</summary>
    public TimeSpan? Limit { get; init; }

    /// <summary>Told how far it is, in words.</summary>
    public Action<string>? Told { get; init; }

    /// <summary>Moves a running server without stopping it.</summary>
    /// <param name="host">Null lets Nova choose.</param>
    public Server Live(Server server, string? host, BlockMigration disks, CancellationToken cancel)
    {
        // 2.25 lets Nova find out about the disks; 2.30 has it check the named host.
        var version = _nova.Best(_nova.Kind.Newest, cancel, new Microversion(2, 30), "A live move");
        JsonNode copy = disks == BlockMigration.Auto ? "auto" : disks == BlockMigration.Always;
        return Move(server, "os-migrateLive", new JsonObject { ["host"] = host, ["block_migration"] = copy }, version, ["ACTIVE", "PAUSED"], cancel);
    }

    /// <summary>Moves a server by stopping it, copying it and starting it again; the old copy is given up when the new one is there.</summary>
    public Server Cold(Server server, string? host, CancellationToken cancel)
    {
        var version = host is null ? _nova.Best(_nova.Kind.Newest, cancel) : _nova.Best(_nova.Kind.Newest, cancel, new Microversion(2, 56), "A move to a named host");
        var moved = Move(server, "migrate", host is null ? null : new JsonObject { ["host"] = host }, version, ["VERIFY_RESIZE"], cancel);
        if (Limit is not { } limit)
            return moved;
        Told?.Invoke("confirming");
        _servers.Act(server.Id, "confirmResize", null, cancel);
        return _servers.WaitFor(moved, ["ACTIVE", "SHUTOFF"], limit, cancel);
    }

    private Server Move(Server server, string action, JsonNode? arguments, Microversion? version, string[] states, CancellationToken cancel)
    {
        var before = new HashSet<string>(Migrations(server.Id, cancel).Select(m => m.Id), StringComparer.Ordinal);
        var request = _servers.Act(server.Id, action, arguments, cancel, version);
        if (Limit is not { } limit)
            return _servers.Get(server.Id, cancel) ?? server;
        var isOver = false;
        return _servers.WaitFor(server, states, limit, cancel, now =>
        {
            var mine = Migrations(server.Id, cancel).Where(m => !before.Contains(m.Id)).OrderByDescending(m => m.CreatedAt).FirstOrDefault();
            Told?.Invoke(Progress(now, mine, cancel));
            if (mine is { HasFailed: true } || (now.TaskState is null && _servers.ActionOf(server.Id, request, cancel) is { HasFailed: true }))
                throw Failed(server, mine, _servers.ActionOf(server.Id, request, cancel));
            isOver = mine is null ? now.Host is null || now.Host != server.Host : mine.Status is "completed" or "finished" or "confirmed" or "done";
        }, _ => isOver);
    }

    /// <summary>Newest first; none when the cloud does not tell this user.</summary>
    private IReadOnlyList<ServerMigration> Migrations(string id, CancellationToken cancel)
    {
        try
        {
            return _nova.List($"os-migrations?instance_uuid={id}", "migrations", cancel).Select(ServerMigration.Parse).ToList();
        }
        catch (CloudException e) when (e.Status == 403)
        {
            return [];
        }
    }

    private string Progress(Server now, ServerMigration? mine, CancellationToken cancel)
    {
        var text = mine is null ? $"{now.Status} {now.TaskState}" : $"{mine.Status}, {mine.SourceHost} -> {mine.DestinationHost ?? "?"}";
        if (mine is not { Kind: "live-migration", Status: "running" })
            return text;
        var running = _nova.TryGet($"servers/{now.Id}/migrations", "migrations", cancel)?.Objects("migrations").FirstOrDefault(m => m.Text("id") == mine.Id);
        var (total, done) = running is { } m ? ((m.Whole("memory_total_bytes") ?? 0) + (m.Whole("disk_total_bytes") ?? 0), (m.Whole("memory_processed_bytes") ?? 0) + (m.Whole("disk_processed_bytes") ?? 0)) : (0, 0);
        return total > 0 ? FormattableString.Invariant($"{text}, {Math.Min(100, done * 100 / total)} %") : text;
    }

    private static OsMigrateException Failed(Server server, ServerMigration? migration, InstanceAction? action)
    {
        var reason = action?.Reason ?? (migration is null ? "Nova gives no reason" : $"the migration is in state '{migration.Status}', and Nova gives no reason");
        var trail = action?.RequestId is { } request ? $" (request {request})" : "";
        return new OsMigrateException(ErrorIds.CloudFailed, ErrorKind.ResourceUnavailable, $"The server '{server.Name}' ({server.Id}) was not moved and stays {(server.Host is null ? "where it was" : $"on {server.Host}")}: {reason}{trail}.", server.Id)
        {
            Advice = reason.IndexOf("No valid host", StringComparison.OrdinalIgnoreCase) >= 0
                ? "No other compute host takes it: look at Get-NovaHypervisor, the server's zone, server groups and the flavor's demands."
                : null,
        };
    }
}
