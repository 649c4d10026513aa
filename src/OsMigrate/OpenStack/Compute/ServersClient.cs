using System.Text.Json.Nodes;
using OsMigrate.Bytes;
using OsMigrate.OpenStack.Json;
using OsMigrate.OpenStack.Services;

namespace OsMigrate.OpenStack.Compute;

/// <summary>Servers in Nova: the Compute API v2.1.</summary>
public sealed class ServersClient(CloudSession session)
{
    /// <summary>Key of the metadata that marks what one call made, so that it is found after a lost answer.</summary>
    public const string RequestMark = "osmigrate_request_id";

    private readonly ServiceClient _nova = session.Compute;

    /// <param name="name">Only servers of exactly this name; null for all.</param>
    /// <param name="allProjects">Of every project; for administrators.</param>
    public IEnumerable<Server> List(CancellationToken cancel, string? name = null, bool allProjects = false)
    {
        // Nova takes the name as a regular expression, in its database's dialect: quoting would depend on that, so the exact choice is made here.
        var query = "limit=200" + (allProjects ? "&all_tenants=1" : "") + (name is not null && name.All(c => char.IsLetterOrDigit(c) || c == '-') ? "&name=" + name : "");
        return _nova.List("servers/detail?" + query, "servers", cancel).Select(Server.Parse).Where(s => name is null || s.Name == name);
    }

    /// <summary>Null when there is none of that id.</summary>
    public Server? Get(string id, CancellationToken cancel)
        => _nova.TryGet("servers/" + Uri.EscapeDataString(id), "server", cancel) is { } body ? Server.Parse(body.NeededObject("server")) : null;

    public Server Find(string nameOrId, CancellationToken cancel, bool allProjects = false)
        => Finder.One("server", nameOrId, id => Get(id, cancel), () => List(cancel, nameOrId, allProjects), s => s.Id, session.Name);

    /// <summary>The same server with the reason of its error, which Nova leaves out of lists.</summary>
    public Server WithFault(Server server, CancellationToken cancel) => server is { Status: "ERROR", Fault: null } ? Get(server.Id, cancel) ?? server : server;

    /// <summary>Makes a server; it is then building.</summary>
    public Server Create(ServerRequest request, CancellationToken cancel)
    {
        var mark = request.Metadata.TryGetValue(RequestMark, out var given) ? given : Guid.NewGuid().ToString("D");
        var marked = request with { Metadata = new Dictionary<string, string>(request.Metadata.ToDictionary(m => m.Key, m => m.Value), StringComparer.Ordinal) { [RequestMark] = mark } };
        var version = _nova.Best(_nova.Kind.Newest, cancel);
        var id = Creation.Once(
            () => _nova.Create("servers", marked.ToJson(version), "server", cancel, version).NeededObject("server").Needed("id"),
            () => FindMarked(request.Name, mark, cancel)?.Id);
        return Get(id, cancel) ?? throw Gone(id);
    }

    /// <summary>The server that carries a mark, or null.</summary>
    public Server? FindMarked(string name, string mark, CancellationToken cancel) => Marked(name, mark, cancel).FirstOrDefault();

    /// <summary>All servers that carry a mark.</summary>
    public IEnumerable<Server> Marked(string name, string mark, CancellationToken cancel)
        => List(cancel, name).Where(s => s.Metadata.TryGetValue(RequestMark, out var value) && value == mark);

    /// <returns>False when it was gone already.</returns>
    public bool Delete(string id, CancellationToken cancel) => _nova.Delete("servers/" + Uri.EscapeDataString(id), cancel);

    /// <summary>Waits until a deleted server is gone.</summary>
    public void WaitForGone(Server server, TimeSpan limit, CancellationToken cancel) => Waiting.For(
        () => Get(server.Id, cancel), now => now is null or { Status: "SOFT_DELETED" }, $"the server '{server.Name}' to be gone", limit, cancel);

    /// <summary>Waits until a server has one of these states and nothing is going on with it.</summary>
    /// <param name="seen">Told of every state that is seen.</param>
    /// <exception cref="OsMigrateException">It went to ERROR, with Nova's reason; or was deleted.</exception>
    /// <param name="isDone">What else must be true; asked after <paramref name="seen"/>.</param>
    public Server WaitFor(Server server, string[] states, TimeSpan limit, CancellationToken cancel, Action<Server>? seen = null, Func<Server, bool>? isDone = null) => Waiting.For(
        () => Get(server.Id, cancel) ?? throw Gone(server.Id),
        now =>
        {
            seen?.Invoke(now);
            if (now.Status == "ERROR" && !states.Contains("ERROR"))
                throw Failed(now);
            return states.Contains(now.Status) && now.TaskState is null && (isDone is null || isDone(now));
        },
        $"the server '{server.Name}' to become {string.Join(" or ", states)}",
        limit,
        cancel);

    /// <summary>Starts an action (Compute API v2.1, "Servers - run an action").</summary>
    /// <returns>Id of the request, under which Nova keeps how it goes; null when none came.</returns>
    public string? Act(string id, string action, JsonNode? arguments, CancellationToken cancel, Microversion? version = null)
        => CloudException.RequestIdOf(_nova.Post($"servers/{id}/action", new JsonObject { [action] = arguments }, cancel, version));

    /// <summary>How the action of a request goes; null when Nova does not know it.</summary>
    public InstanceAction? ActionOf(string id, string? requestId, CancellationToken cancel)
        => requestId is not null && _nova.TryGet($"servers/{id}/os-instance-actions/{requestId}", "action", cancel)?.Object("instanceAction") is { } action ? InstanceAction.Parse(action) : null;

    /// <summary>The last lines of the serial console, without the characters that steer a terminal: a guest must not steer the administrator's.</summary>
    /// <param name="lines">Null for all there is.</param>
    public string ConsoleLog(string id, int? lines, CancellationToken cancel)
    {
        var arguments = new JsonObject();
        if (lines is { } count)
            arguments["length"] = count;
        var reply = _nova.Post($"servers/{id}/action", new JsonObject { ["os-getConsoleOutput"] = arguments }, cancel);
        return Plain(JsonFields.Parse(reply.Body, "console").Text("output") ?? "");
    }

    /// <summary>An address where a browser shows the screen.</summary>
    /// <param name="protocol">vnc, spice, serial, mks.</param>
    /// <param name="type">novnc, spice-html5, serial ...</param>
    public string ConsoleUrl(string id, string protocol, string type, CancellationToken cancel)
        => _nova.Create($"servers/{id}/remote-consoles", new JsonObject { ["remote_console"] = new JsonObject { ["protocol"] = protocol, ["type"] = type } }, "console", cancel)
            .NeededObject("remote_console").Needed("url");

    /// <summary>Attaches a volume. The device's name is the guest's affair.</summary>
    /// <returns>Id of the request.</returns>
    public string? Attach(string id, string volumeId, CancellationToken cancel)
        => CloudException.RequestIdOf(_nova.Post($"servers/{id}/os-volume_attachments", new JsonObject { ["volumeAttachment"] = new JsonObject { ["volumeId"] = volumeId } }, cancel));

    /// <returns>Id of the request; null when it was not attached any more.</returns>
    public string? Detach(string id, string volumeId, CancellationToken cancel)
    {
        try
        {
            return CloudException.RequestIdOf(_nova.Send("DELETE", $"servers/{id}/os-volume_attachments/{volumeId}", null, cancel));
        }
        catch (CloudException e) when (e.Status == 404)
        {
            return null;
        }
    }

    /// <summary>Why the last action that failed did: Nova keeps it with the action's events.</summary>
    public string? LastFailure(string id, CancellationToken cancel)
    {
        var actions = _nova.TryGet($"servers/{id}/os-instance-actions", "actions", cancel)?.Objects("instanceActions") ?? [];
        return actions.Where(a => a.Text("message") is not null).OrderByDescending(a => a.Time("start_time")).Select(a => a.Text("message")).FirstOrDefault();
    }

    internal static OsMigrateException Failed(Server server)
        => new(ErrorIds.CloudFailed, ErrorKind.ResourceUnavailable, $"The server '{server.Name}' ({server.Id}) is in ERROR: {server.Fault?.TrimEnd('.', ' ') ?? "Nova gives no reason"}.", server.Id)
        {
            Advice = server.Fault?.IndexOf("No valid host", StringComparison.OrdinalIgnoreCase) >= 0
                ? "No compute host fits: check the flavor's size, the zone, server groups and the image's properties (firmware, machine type, architecture)."
                : null,
        };

    private static OsMigrateException Gone(string id) => new(ErrorIds.CloudNotFound, ErrorKind.NotFound, $"The server {id} is gone.", id);

    private static string Plain(string text)
    {
        var plain = new System.Text.StringBuilder(text.Length);
        for (var i = 0; i < text.Length; i++)
        {
            // A control sequence (ECMA-48, section 5.4) goes as a whole: its letters would be left as garbage.
            if (text[i] == '\u001b' && i + 1 < text.Length && text[i + 1] == '[')
            {
                for (i += 2; i < text.Length && text[i] is < '@' or > '~';)
                    i++;
            }
            else if (!char.IsControl(text[i]) || text[i] is '\n' or '\t')
            {
                plain.Append(text[i]);
            }
        }

        return plain.ToString();
    }
}
