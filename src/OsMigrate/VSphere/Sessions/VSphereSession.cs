using System.Xml.Linq;
using OsMigrate.Bytes;
using OsMigrate.Net;
using OsMigrate.VSphere.Properties;
using OsMigrate.VSphere.Soap;

namespace OsMigrate.VSphere.Sessions;

/// <summary>A session on one vCenter or ESXi host: calls, keep-alive, one new login when the session has ended. Safe for use from several threads.</summary>
public sealed class VSphereSession : IDisposable
{
    private const string CookieName = "vmware_soap_session";

    /// <summary>vCenter ends a session that was idle for 30 minutes.</summary>
    private static readonly TimeSpan KeepAlive = TimeSpan.FromMinutes(10);

    private static readonly MoRef ServiceInstance = new("ServiceInstance", "ServiceInstance");

    private readonly VSphereLogin _login;
    private readonly HttpTransport _transport;
    private readonly object _gate = new();
    private readonly Timer _timer;
    private ServerContent? _content;
    private Secret? _cookie;
    private string _userName = "";
    private bool _isOwn;
    private int _generation;
    private long _lastUse;

    /// <summary>Opens nothing yet.</summary>
    /// <exception cref="OsMigrateException">A certificate file cannot be read.</exception>
    public VSphereSession(VSphereServer server, VSphereLogin login)
    {
        (Server, _login) = (server, login);
        _transport = new HttpTransport(server.Tls, null, Note);
        _timer = new Timer(_ => Touch(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    /// <summary>Told of logins, waits and repetitions, for -Verbose and job logs. Never of a secret. Any thread.</summary>
    public event Action<string>? Noted;

    public VSphereServer Server { get; }

    public string Name => Server.Name;

    /// <summary>True once <see cref="Connect"/> has succeeded.</summary>
    public bool IsConnected => _cookie is not null;

    public string UserName => _userName;

    /// <summary>"VMware vCenter Server 8.0.3 build-24022515".</summary>
    public string Product => Content.FullName;

    public string Version => Content.Version;

    public string ApiVersion => Content.ApiVersion;

    /// <summary>Identity of the server itself, the same under all its names; empty on a host.</summary>
    public string InstanceUuid => Content.InstanceUuid;

    public bool IsVCenter => Content.IsVCenter;

    /// <summary>False when the session is PowerCLI's own, which is used as it is because the server would not clone it; then it is never ended here.</summary>
    public bool IsOwn => _isOwn;

    internal ServerContent Content => _content ?? throw new OsMigrateException(ErrorIds.VSphereNotConnected, ErrorKind.ResourceUnavailable, $"No session on '{Name}' was begun.", Name);

    internal HttpTransport Transport => _transport;

    /// <summary>Proves who we are.</summary>
    /// <exception cref="OsMigrateException">Net.*, or <see cref="ErrorIds.VSphereUnauthorized"/>.</exception>
    public void Connect(CancellationToken cancel)
    {
        _content = new ServerContent(Single(Once("RetrieveServiceContent", ServiceInstance, [], true, cancel), "RetrieveServiceContent"));
        LogIn(cancel);
        _timer.Change(KeepAlive, KeepAlive);
    }

    /// <summary>Calls a method; asks again where it changes nothing and the answer was lost; logs in anew, once, when the session has ended.</summary>
    /// <param name="changes">True when calling it twice is not the same as calling it once.</param>
    /// <returns>The element of the answer, with its returnval children.</returns>
    /// <exception cref="VimException">The server answered with a fault.</exception>
    internal VimData Call(string method, MoRef on, CancellationToken cancel, bool changes, params XElement[] arguments)
    {
        var generation = Volatile.Read(ref _generation);
        Volatile.Write(ref _lastUse, Environment.TickCount);
        try
        {
            return Once(method, on, arguments, !changes, cancel);
        }
        catch (VimException e) when (e.FaultType == "NotAuthenticated")
        {
            Renew(generation, e, cancel);
            return Once(method, on, arguments, !changes, cancel);
        }
    }

    /// <summary>Calls a method that only reads and returns one thing.</summary>
    internal VimData Ask(string method, MoRef on, CancellationToken cancel, params XElement[] arguments) => Single(Call(method, on, cancel, false, arguments), method);

    /// <summary>Calls a method that begins a task, or makes something else with a reference of its own.</summary>
    internal MoRef Start(string method, MoRef on, CancellationToken cancel, params XElement[] arguments)
        => Single(Call(method, on, cancel, true, arguments), method).AsRef() ?? throw VimXml.Bad(Name, $"{method} returned no reference", null);

    /// <summary>Headers that show the session, for files of datastores.</summary>
    internal IReadOnlyList<KeyValuePair<string, string>> CookieHeaders()
        => _cookie is { } cookie ? [new("Cookie", $"{CookieName}=\"{cookie.Reveal()}\"")] : [];

    /// <summary>The session itself, for the REST API; null before <see cref="Connect"/>.</summary>
    internal Secret? Cookie => _cookie;

    /// <summary>The header of user and password, for the REST API's own login; null where the session was had otherwise.</summary>
    internal KeyValuePair<string, string>? BasicHeader()
        => _login.Password is { } password ? new("Authorization", "Basic " + Convert.ToBase64String(System.Text.Encoding.UTF8.GetBytes($"{_login.User}:{password.Reveal()}"))) : null;

    /// <summary>A generation is one login: what a request that was refused must name to have it renewed.</summary>
    internal int Generation => Volatile.Read(ref _generation);

    /// <summary>Begins a new session unless another thread has done so since.</summary>
    internal void Renew(int generation, Exception why, CancellationToken cancel)
    {
        lock (_gate)
        {
            if (generation != _generation)
                return;
            Note($"The session on {Name} has ended ({why.Message.TrimEnd('.')}): logging in again.");
            LogIn(cancel);
        }
    }

    /// <summary>The text without this session's secrets.</summary>
    public string Hide(string text) => Secret.Hide(text, _login.Secrets.Append(_cookie))!;

    /// <summary>Ends the session on the server, where it is our own. What the server says to that does not matter.</summary>
    public void LogOut(CancellationToken cancel)
    {
        if (_cookie is null || _content is null)
            return;
        try
        {
            if (_isOwn)
                Once("Logout", _content.SessionManager, [], false, cancel);
        }
        catch (OsMigrateException e)
        {
            Note($"Logout from {Name}: {e.Message}");
        }

        _cookie = null;
    }

    public void Dispose()
    {
        _timer.Dispose();
        _transport.Dispose();
    }

    internal void Note(string text) => Noted?.Invoke(Hide(text));

    private void LogIn(CancellationToken cancel)
    {
        _cookie = null;
        var answer = _login.Password is { } password ? WithPassword(password, cancel) : _login.Token is { } token ? WithToken(token, cancel) : Borrowed(_login.Cookie!, cancel);
        _userName = answer.Text("userName") ?? _login.User ?? "";
        Interlocked.Increment(ref _generation);
    }

    private VimData WithPassword(Secret password, CancellationToken cancel)
    {
        _isOwn = true;
        var answer = Single(Once("Login", Content.SessionManager, [VimXml.Arg("userName", _login.User!), VimXml.Arg("password", password.Reveal())], false, cancel), "Login");
        Note($"Logged in to {Name} ({Content.FullName}) as {_login.User}.");
        return answer;
    }

    /// <summary>A token of vCenter's Single Sign-On stands in the header instead of a password.</summary>
    private VimData WithToken(Secret token, CancellationToken cancel)
    {
        _isOwn = true;
        var answer = Single(Once("LoginByToken", Content.SessionManager, [], false, cancel, SsoToken.Header(token, DateTime.UtcNow)), "LoginByToken");
        Note($"Logged in to {Name} ({Content.FullName}) as {answer.Text("userName")}, by a token.");
        return answer;
    }

    /// <summary>A session of our own, made from one that is there: it outlives Disconnect-VIServer, and nothing of ours gets in the way of the other client.</summary>
    private VimData Borrowed(Secret cookie, CancellationToken cancel)
    {
        _cookie = cookie;
        try
        {
            var ticket = Single(Once("AcquireCloneTicket", Content.SessionManager, [], false, cancel), "AcquireCloneTicket").Value;
            _cookie = null;
            var clone = Single(Once("CloneSession", Content.SessionManager, [VimXml.Arg("cloneTicket", ticket)], false, cancel), "CloneSession");
            _isOwn = true;
            Note($"Cloned the session of {clone.Text("userName")} on {Name}.");
            return clone;
        }
        catch (VimException e) when (e.FaultType is not "NotAuthenticated")
        {
            // An ESXi host may not clone sessions.
            Note($"{e.Message} The session itself is used.");
            (_cookie, _isOwn) = (cookie, false);
            return new PropertyQuery(this).Of(Content.SessionManager, ["currentSession"], cancel).Data("currentSession")
                ?? throw new OsMigrateException(ErrorIds.VSphereUnauthorized, ErrorKind.PermissionDenied, $"The session on {Name} that was handed over has ended.", Name) { Advice = "Connect again with Connect-VIServer." };
        }
    }

    private VimData Once(string method, MoRef on, IEnumerable<XElement> arguments, bool repeatable, CancellationToken cancel, XElement? header = null)
    {
        var reply = _transport.Send(
            new HttpCall("POST", Server.Sdk)
            {
                Headers = [new("SOAPAction", $"urn:vim25/{_content?.ApiVersion ?? "6.0"}"), .. CookieHeaders()],
                Body = HttpBody.Of("text/xml; charset=utf-8", VimXml.Envelope(method, on, arguments, header)),
                IsRepeatable = repeatable,
                Is500AnAnswer = true,
            },
            cancel);
        if (!reply.IsSuccess && reply.Status != 500)
            throw Unavailable(reply, method);
        if (reply.Status == 500 && reply.Body.Length == 0)
            throw Unavailable(reply, method);
        var body = VimXml.Body(reply.Body, Name);
        if (body.Name == "Fault")
            throw Cleaned(VimFaults.FromSoap(body, Name, $"{method} on {on.Value}"));
        if (body.Name != method + "Response")
            throw VimXml.Bad(Name, $"it is not the answer to {method}", null);
        TakeCookie(reply);
        return body;
    }

    /// <summary>A fault may quote what it was sent.</summary>
    private VimException Cleaned(VimException e)
        => Hide(e.Message) is var text && text == e.Message ? e : new VimException(e.ErrorId, e.Kind, text, Name, e.FaultType) { Advice = e.Advice };

    private OsMigrateException Unavailable(HttpReply reply, string method)
        => new(ErrorIds.VSphereRefused, ErrorKind.ResourceUnavailable, $"{Name} answered {method} with HTTP {reply.Status}.", Name)
        {
            Advice = reply.Status is 301 or 302 or 307 or 308 or 404 ? "Is it a vCenter or ESXi host?" : "The server may be starting or overloaded: try again.",
        };

    private void TakeCookie(HttpReply reply)
    {
        if (reply.Header("Set-Cookie") is not { } all)
            return;
        var at = all.IndexOf(CookieName + "=", StringComparison.Ordinal);
        if (at < 0)
            return;
        var value = all.Substring(at + CookieName.Length + 1).Split(';', ',')[0].Trim().Trim('"');
        if (value.Length > 0)
            _cookie = new Secret(value);
    }

    private VimData Single(VimData answer, string method) => answer.Child("returnval") ?? throw VimXml.Bad(Name, $"{method} returned nothing", null);

    /// <summary>Shows the server that we are still there.</summary>
    private void Touch()
    {
        if (_cookie is null || unchecked(Environment.TickCount - (int)Volatile.Read(ref _lastUse)) < KeepAlive.TotalMilliseconds / 2)
            return;
        try
        {
            Once("CurrentTime", ServiceInstance, [], true, CancellationToken.None);
        }
        catch (Exception e) when (e is OsMigrateException or ObjectDisposedException)
        {
            // The next call finds out, and logs in again.
            Note($"Keep-alive of {Name}: {e.Message}");
        }
    }
}
