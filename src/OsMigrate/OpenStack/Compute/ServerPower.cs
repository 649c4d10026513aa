using System.Text.Json.Nodes;
using OsMigrate.Bytes;

namespace OsMigrate.OpenStack.Compute;

/// <summary>Starts, stops and restarts servers, and waits until it is done.</summary>
public sealed class ServerPower(CloudSession session)
{
    private readonly ServersClient _servers = new(session);

    /// <summary>Longest time to wait; null not to wait.</summary>
    public TimeSpan? Limit { get; init; }

    /// <summary>Told of every state that is seen.</summary>
    public Action<Server>? Seen { get; init; }

    /// <summary>Starts a server that is shut off; one that runs is left as it is.</summary>
    public Server Start(Server server, CancellationToken cancel) => server is { Status: "ACTIVE", TaskState: null } ? server : Do(server, "os-start", null, "ACTIVE", cancel);

    /// <summary>Shuts a server down; one that is off is left as it is.</summary>
    public Server Stop(Server server, CancellationToken cancel) => server is { Status: "SHUTOFF", TaskState: null } ? server : Do(server, "os-stop", null, "SHUTOFF", cancel);

    /// <param name="hard">Turns it off and on instead of asking the guest.</param>
    public Server Restart(Server server, bool hard, CancellationToken cancel)
        => Do(server, "reboot", new JsonObject { ["type"] = hard ? "HARD" : "SOFT" }, "ACTIVE", cancel);

    private Server Do(Server server, string action, JsonNode? arguments, string state, CancellationToken cancel)
    {
        var request = _servers.Act(server.Id, action, arguments, cancel);
        if (Limit is not { } limit)
            return _servers.Get(server.Id, cancel) ?? server;
        return _servers.WaitFor(server, [state], limit, cancel, now =>
        {
            Seen?.Invoke(now);
            // Nova takes a server whose action failed back to the state it had.
            if (now.TaskState is null && now.Status != state && _servers.ActionOf(server.Id, request, cancel) is { HasFailed: true } failed)
                throw new OsMigrateException(ErrorIds.CloudFailed, ErrorKind.ResourceUnavailable, $"The server '{server.Name}' did not become {state}: {failed.Reason ?? "Nova gives no reason"}.", server.Id);
        });
    }
}
