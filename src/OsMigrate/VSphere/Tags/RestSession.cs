using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using OsMigrate.Bytes;
using OsMigrate.Net;
using OsMigrate.VSphere.Sessions;

namespace OsMigrate.VSphere.Tags;

/// <summary>A session on a vCenter's REST API, which alone has tags: in the form "/api" of 7.0 U2 and later, else in the older "/rest". Ended when disposed.</summary>
/// <remarks>vSphere Automation API reference, "CIS", services session and tagging.</remarks>
internal sealed class RestSession : IDisposable
{
    private const string Header = "vmware-api-session-id";

    private readonly VSphereSession _session;
    private readonly CancellationToken _cancel;
    private readonly Secret _id;
    private readonly bool _isNew;
    private readonly bool _isOwn;

    /// <exception cref="OsMigrateException"><see cref="ErrorIds.VSphereUnsupported"/>: the server has no such API; <see cref="ErrorIds.VSphereForbidden"/>: it does not let us in.</exception>
    public RestSession(VSphereSession session, CancellationToken cancel)
    {
        (_session, _cancel) = (session, cancel);
        if (!session.IsVCenter)
            throw Missing();
        if (session.BasicHeader() is { } basic)
        {
            (_id, _isNew) = LogIn(basic);
            _isOwn = true;
            return;
        }

        // Without a password the SOAP session itself is shown; vCenter takes it since 7.0.
        _id = session.Cookie ?? throw Missing();
        _isNew = session.Transport.Send(Call("GET", "/api/session", _id, null), cancel).Status is not 404;
    }

    /// <summary>Asks for one thing or a list.</summary>
    /// <param name="kind">category, tag or tag-association.</param>
    /// <param name="id">Null for the list.</param>
    /// <param name="action">An action instead of the thing itself; then it is posted.</param>
    public JsonNode? Ask(string kind, string? id, string? action = null, JsonObject? body = null)
    {
        var path = _isNew
            ? $"/api/cis/tagging/{kind}{(id is null ? "" : "/" + Uri.EscapeDataString(id))}{(action is null ? "" : "?action=" + action)}"
            : $"/rest/com/vmware/cis/tagging/{kind}{(id is null ? "" : "/id:" + Uri.EscapeDataString(id))}{(action is null ? "" : "?~action=" + action)}";
        var reply = _session.Transport.Send(Call(action is null ? "GET" : "POST", path, _id, body), _cancel);
        return reply.IsSuccess ? Value(reply) : throw Refused(reply, path);
    }

    public void Dispose()
    {
        if (!_isOwn)
            return;
        try
        {
            using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(20));
            _session.Transport.Send(Call("DELETE", _isNew ? "/api/session" : "/rest/com/vmware/cis/session", _id, null), limit.Token);
        }
        catch (Exception e) when (e is OsMigrateException or OperationCanceledException)
        {
            // It ends by itself.
            _session.Note($"The REST session on {_session.Name}: {e.Message}");
        }
    }

    private (Secret Id, bool IsNew) LogIn(KeyValuePair<string, string> basic)
    {
        foreach (var path in new[] { "/api/session", "/rest/com/vmware/cis/session" })
        {
            var reply = _session.Transport.Send(new HttpCall("POST", Address(path)) { Headers = [basic] }, _cancel);
            if (reply.Status == 404)
                continue;
            if (!reply.IsSuccess)
                throw Refused(reply, path);
            var id = Text(path.StartsWith("/api", StringComparison.Ordinal) ? Parse(reply) : Parse(reply)?["value"]);
            return (new Secret(id.Length > 0 ? id : throw Bad("it names no session")), path.StartsWith("/api", StringComparison.Ordinal));
        }

        throw Missing();
    }

    private HttpCall Call(string method, string path, Secret id, JsonObject? body) => new(method, Address(path))
    {
        Headers = [new(Header, id.Reveal())],
        Body = body is null ? null : HttpBody.Of("application/json", Encoding.UTF8.GetBytes(body.ToJsonString())),
        // Attaching twice is attaching once.
        IsRepeatable = true,
    };

    private Uri Address(string path) => new(_session.Server.Sdk, path);

    private JsonNode? Value(HttpReply reply) => reply.Body.Length == 0 ? null : _isNew ? Parse(reply) : Parse(reply)?["value"];

    private JsonNode? Parse(HttpReply reply)
    {
        try
        {
            return JsonNode.Parse(reply.Body);
        }
        catch (JsonException e)
        {
            throw Bad($"it is no JSON ({e.Message})");
        }
    }

    private static string Text(JsonNode? node) => node is JsonValue value && value.TryGetValue<string>(out var text) ? text : "";

    private OsMigrateException Bad(string reason) => new(ErrorIds.NetBadAnswer, ErrorKind.InvalidData, $"The answer of {_session.Name} cannot be understood: {reason}.", _session.Name);

    private OsMigrateException Missing() => new(ErrorIds.VSphereUnsupported, ErrorKind.NotSupported, $"{_session.Name} has no tags: they belong to vCenter, and need its REST API.", _session.Name);

    private OsMigrateException Refused(HttpReply reply, string path) => reply.Status switch
    {
        401 or 403 => new(ErrorIds.VSphereForbidden, ErrorKind.PermissionDenied, $"{_session.Name} does not let this user work with tags (HTTP {reply.Status}).", _session.Name) { Advice = "The user needs the privileges of vSphere Tagging; a session taken over from another client may not be known to the REST API: connect with user and password." },
        404 => new(ErrorIds.VSphereNotFound, ErrorKind.NotFound, $"{_session.Name} knows nothing of '{path.Split('?')[0]}'.", _session.Name),
        _ => new(ErrorIds.VSphereRefused, ErrorKind.ResourceUnavailable, $"{_session.Name} answered HTTP {reply.Status} when it was asked about tags.", _session.Name),
    };
}
