using OsMigrate.Bytes;
using OsMigrate.Net;
using OsMigrate.OpenStack.Clouds;
using OsMigrate.OpenStack.Identity;
using OsMigrate.OpenStack.Services;

namespace OsMigrate.OpenStack;

/// <summary>A connection to one cloud as one user in one project: token, catalogue, versions, retries. Safe for use from several threads.</summary>
public sealed class CloudSession : IDisposable
{
    /// <summary>A token that ends sooner than this is not used for a new request.</summary>
    private static readonly TimeSpan LeastLife = TimeSpan.FromSeconds(30);

    private readonly HttpTransport _transport;
    private readonly IdentityClient _identity;
    private readonly Dictionary<ServiceKind, ServiceRoot> _roots = [];
    private readonly object _gate = new();
    private Token? _token;

    /// <summary>Opens nothing yet: the first request, or <see cref="Authenticate"/>, does.</summary>
    /// <exception cref="OsMigrateException">A certificate file cannot be read.</exception>
    public CloudSession(CloudConfig config)
    {
        Config = config;
        _transport = new HttpTransport(config.Tls, config.ApiTimeout, text => Noted?.Invoke(text));
        _identity = new IdentityClient(config, _transport);
        Images = new ServiceClient(this, ServiceKind.Image);
        Compute = new ServiceClient(this, ServiceKind.Compute);
        Volumes = new ServiceClient(this, ServiceKind.Volume);
        Network = new ServiceClient(this, ServiceKind.Network);
        Placement = new ServiceClient(this, ServiceKind.Placement);
    }

    /// <summary>Told of waits, repetitions and requests with their ids, for -Verbose and job logs. Never of a secret. Any thread.</summary>
    public event Action<string>? Noted;

    public CloudConfig Config { get; }

    public string Name => Config.Name;

    public ServiceClient Images { get; }

    public ServiceClient Compute { get; }

    public ServiceClient Volumes { get; }

    public ServiceClient Network { get; }

    /// <summary>For administrators; users are answered 403.</summary>
    public ServiceClient Placement { get; }

    /// <summary>The project all requests are about.</summary>
    /// <exception cref="OsMigrateException">The token is of no project.</exception>
    public string ProjectId => Token.ProjectId ?? throw new OsMigrateException(ErrorIds.CloudSettings, ErrorKind.InvalidArgument, $"The cloud '{Name}' names no project.", Name)
    {
        Advice = "Add project_name or project_id to its settings.",
    };

    /// <summary>The present token; asks for one when there is none.</summary>
    public Token Token => Fresh(TimeSpan.Zero, CancellationToken.None);

    /// <summary>Proves who we are. Throws when that fails.</summary>
    public Token Authenticate(CancellationToken cancel) => Fresh(TimeSpan.Zero, cancel);

    /// <summary>A token that is good for a time: for uploads, which a token must outlive at their end.</summary>
    /// <returns>The present token when it lasts long enough, else a new one (which may last less: that is then Keystone's limit).</returns>
    public Token Fresh(TimeSpan life, CancellationToken cancel)
    {
        lock (_gate)
        {
            var least = life > LeastLife ? life : LeastLife;
            if (_token is not null && (_token.ExpiresAt - DateTime.UtcNow >= least || (!CanRenew && _token.ExpiresAt > DateTime.UtcNow)))
                return _token;
            if (_token is not null && !CanRenew)
                throw Ended();
            return _token = _identity.Authenticate(cancel);
        }
    }

    /// <summary>Makes the token worthless and forgets it.</summary>
    public void SignOut(CancellationToken cancel)
    {
        lock (_gate)
        {
            // A token that the user gave us is the user's.
            if (_token is not null && !Config.Credentials.Methods.Contains("token"))
                _identity.Revoke(_token, cancel);
            _token = null;
        }
    }

    public void Dispose() => _transport.Dispose();

    internal HttpTransport Transport => _transport;

    /// <summary>A one-time code cannot be used twice, and a given token cannot be asked for anew.</summary>
    private bool CanRenew => !Config.Credentials.Methods.Contains("totp") && !Config.Credentials.Methods.Contains("token");

    internal void Note(string text) => Noted?.Invoke(text);

    /// <summary>Told that a token was refused: the next request asks for a new one.</summary>
    internal bool Forget(Token refused)
    {
        lock (_gate)
        {
            if (!CanRenew)
                return false;
            if (ReferenceEquals(_token, refused))
                _token = null;
            return true;
        }
    }

    internal ServiceRoot Root(ServiceKind kind, CancellationToken cancel)
    {
        lock (_gate)
        {
            if (_roots.TryGetValue(kind, out var known))
                return known;
        }

        var endpoint = Override(kind) ?? Fresh(TimeSpan.Zero, cancel).Catalogue.Find(kind, Config.Interface, Config.RegionName, Name);
        var root = ServiceRoot.Discover(kind, endpoint, address =>
            _transport.Send(new HttpCall("GET", address) { Headers = [new("Accept", "application/json"), new("X-Auth-Token", Fresh(TimeSpan.Zero, cancel).Id.Reveal())] }, cancel));
        lock (_gate)
            return _roots[kind] = root;
    }

    private Uri? Override(ServiceKind kind)
        => kind.Types.Select(t => Config.EndpointOverrides.TryGetValue(t.Replace('-', '_'), out var address) ? address : null).FirstOrDefault(a => a is not null);

    private OsMigrateException Ended()
        => new(ErrorIds.CloudUnauthorized, ErrorKind.PermissionDenied, $"The token for the cloud '{Name}' ended, and with these credentials no new one can be had.", Name)
        {
            Advice = "Connect again. For long jobs use a password or an application credential.",
        };
}
