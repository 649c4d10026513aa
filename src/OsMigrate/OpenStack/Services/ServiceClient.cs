using System.Diagnostics;
using System.Text;
using System.Text.Json.Nodes;
using OsMigrate.Bytes;
using OsMigrate.Net;
using OsMigrate.OpenStack.Identity;
using OsMigrate.OpenStack.Json;

namespace OsMigrate.OpenStack.Services;

/// <summary>Talks to one service: address, token, microversion, errors, pages.</summary>
public sealed class ServiceClient
{
    private const int MaxPages = 10_000;

    private readonly CloudSession _session;

    internal ServiceClient(CloudSession session, ServiceKind kind) => (_session, Kind) = (session, kind);

    public ServiceKind Kind { get; }

    internal CloudSession Session => _session;

    public JsonFields Get(string path, string what, CancellationToken cancel, Microversion? version = null)
        => JsonFields.Parse(Send("GET", path, null, cancel, version).Body, what);

    /// <summary>Null when the service has no such thing (404).</summary>
    public JsonFields? TryGet(string path, string what, CancellationToken cancel, Microversion? version = null)
    {
        try
        {
            return Get(path, what, cancel, version);
        }
        catch (CloudException e) when (e.Status == 404)
        {
            return null;
        }
    }

    /// <summary>Posts an object and reads the object that comes back.</summary>
    public JsonFields Create(string path, JsonObject body, string what, CancellationToken cancel, Microversion? version = null)
        => JsonFields.Parse(Send("POST", path, body, cancel, version).Body, what);

    public HttpReply Post(string path, JsonObject body, CancellationToken cancel, Microversion? version = null) => Send("POST", path, body, cancel, version);

    public HttpReply Put(string path, JsonObject body, CancellationToken cancel, Microversion? version = null) => Send("PUT", path, body, cancel, version);

    /// <returns>False when there was nothing to delete any more.</returns>
    public bool Delete(string path, CancellationToken cancel, Microversion? version = null)
    {
        try
        {
            Send("DELETE", path, null, cancel, version);
            return true;
        }
        catch (CloudException e) when (e.Status is 404 or 410 || (e.Status is 400 or 409 && IsGoing(path, cancel, version)))
        {
            return false;
        }
    }

    /// <summary>Someone else's deletion won: the same one, asked for before a crash or in an answer that was lost. Glance then refuses with 400.</summary>
    private bool IsGoing(string path, CancellationToken cancel, Microversion? version)
    {
        try
        {
            var left = TryGet(path, "what is being deleted", cancel, version);
            return left is null || left.Value.Text("status") is "deleted" or "pending_delete";
        }
        catch (OsMigrateException)
        {
            // Nothing can be said of it: the refusal stands.
            return false;
        }
    }

    /// <summary>All entries of a list, page by page.</summary>
    /// <param name="path">With its query, if any.</param>
    /// <param name="key">The list's name in the answer.</param>
    public IEnumerable<JsonFields> List(string path, string key, CancellationToken cancel, Microversion? version = null)
    {
        var seen = new HashSet<string>(StringComparer.Ordinal);
        for (string? next = path; next is not null;)
        {
            if (!seen.Add(next) || seen.Count > MaxPages)
                throw JsonFields.Bad(key, "its pages lead in a circle", null);
            var page = Get(next, key, cancel, version);
            var items = page.Objects(key);
            foreach (var item in items)
                yield return item;
            next = items.Count == 0 ? null : Next(page, key);
        }
    }

    /// <summary>Sends a request, with a new token once when the present one is refused.</summary>
    /// <exception cref="CloudException">The service answered with an error.</exception>
    public HttpReply Send(string method, string path, JsonNode? body, CancellationToken cancel, Microversion? version = null, string contentType = "application/json")
        => Send(method, path, body is null ? null : HttpBody.Of(contentType, Encoding.UTF8.GetBytes(body.ToJsonString())), cancel, version, []);

    internal HttpReply Send(string method, string path, HttpBody? body, CancellationToken cancel, Microversion? version, IEnumerable<KeyValuePair<string, string>> headers)
        => Send(method, path, version, headers, TimeSpan.Zero, cancel, call => _session.Transport.Send(call with { Body = body }, cancel));

    /// <summary>Downloads: hands the body on while it arrives.</summary>
    internal HttpReply Receive(string path, Action<Stream, long?> read, CancellationToken cancel)
        => Send("GET", path, null, [new("Accept", "application/octet-stream")], TimeSpan.Zero, cancel, call => _session.Transport.Receive(call, read, cancel));

    /// <summary>The microversion to use: the wanted one, or the newest the service has when that is older.</summary>
    /// <param name="least">Needed at least; an error is thrown when the service is older.</param>
    internal Microversion? Best(Microversion wanted, CancellationToken cancel, Microversion? least = null, string? purpose = null)
    {
        var newest = _session.Root(Kind, cancel).Newest;
        var best = newest is null ? (Microversion?)null : newest.Value < wanted ? newest : wanted;
        if (least is { } needed && !(best >= needed))
            throw new OsMigrateException(ErrorIds.CloudNoService, ErrorKind.NotSupported, $"{purpose ?? "This"} needs {Kind.Name} {needed}; the cloud '{_session.Name}' has {newest?.ToString() ?? "none"}.", _session.Name);
        return best;
    }

    /// <summary>Sends with a token that lives long enough; for uploads.</summary>
    internal HttpReply Send(
        string method, string path, Microversion? version, IEnumerable<KeyValuePair<string, string>> headers, TimeSpan life, CancellationToken cancel, Func<HttpCall, HttpReply> send)
    {
        for (var attempt = 0; ; attempt++)
        {
            var token = _session.Fresh(life, cancel);
            var call = Call(method, path, version, headers, token, cancel);
            var clock = Stopwatch.StartNew();
            var reply = send(call);
            _session.Note(FormattableString.Invariant($"{Kind.Name}: {method} {call.Address.AbsolutePath} -> {reply.Status} in {clock.ElapsedMilliseconds} ms, {CloudException.RequestIdOf(reply) ?? "no request id"}"));
            if (reply.IsSuccess)
                return reply;
            if (reply.Status != 401 || attempt > 0 || !_session.Forget(token))
                throw CloudException.From(Kind, call, reply, [token.Id]);
        }
    }

    private HttpCall Call(string method, string path, Microversion? version, IEnumerable<KeyValuePair<string, string>> headers, Token token, CancellationToken cancel)
    {
        var root = _session.Root(Kind, cancel).Address;
        var all = new List<KeyValuePair<string, string>> { new("X-Auth-Token", token.Id.Reveal()), new("X-OpenStack-Request-ID", "req-" + Guid.NewGuid().ToString("D")) };
        all.AddRange(headers);
        if (!all.Any(h => h.Key == "Accept"))
            all.Add(new("Accept", "application/json"));
        if ((version ?? Default(cancel)) is { } chosen)
        {
            all.Add(new("OpenStack-API-Version", $"{Kind.MicroversionName} {chosen}"));
            if (Kind == ServiceKind.Compute)
                all.Add(new("X-OpenStack-Nova-API-Version", chosen.ToString()));
        }

        return new HttpCall(method, new Uri(root, path)) { Headers = all };
    }

    private Microversion? Default(CancellationToken cancel) => Kind.MicroversionName is null ? null : Best(Kind.Newest, cancel);

    /// <summary>Where the next page is: Nova and Cinder give "servers_links", Glance "next", others "links". Only path and query are used.</summary>
    private string? Next(JsonFields page, string key)
    {
        var link = page.Text("next") is { Length: > 0 } next && page.Object("next") is null ? next
            : page.Objects(key + "_links").Concat(page.Objects("links")).FirstOrDefault(l => l.Text("rel") == "next").Text("href");
        if (link is null)
            return null;
        var root = _session.Root(Kind, CancellationToken.None).Address;
        var query = link.IndexOf('?') is var at && at >= 0 ? link.Substring(at) : "";
        var path = at >= 0 ? link.Substring(0, at) : link;
        var name = path.TrimEnd('/').Split('/').Last();
        // The last segments name the list ("servers/detail"); what comes before may be an inner address.
        var list = name == "detail" ? path.TrimEnd('/').Split('/').Reverse().Take(2).Reverse().Aggregate((a, b) => $"{a}/{b}") : name;
        return new Uri(root, list + query).ToString();
    }
}
