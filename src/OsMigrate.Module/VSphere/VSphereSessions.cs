using System.Collections.Concurrent;
using System.Management.Automation;
using OsMigrate.Bytes;
using OsMigrate.VSphere.Sessions;

namespace OsMigrate.Module.VSphere;

/// <summary>The vCenters and ESXi hosts this process is connected to. Several at once; one of them is the default.</summary>
/// <remarks>Kept for the process and not for the runspace, so that ForEach-Object -Parallel and thread jobs use the sessions that are there.</remarks>
internal static class VSphereSessions
{
    private static readonly ConcurrentDictionary<string, VSphereSession> Open = new(StringComparer.OrdinalIgnoreCase);
    private static volatile string? _default;

    /// <summary>Name of the server that cmdlets use when none is named; null when there is none.</summary>
    public static string? DefaultName => _default;

    public static IReadOnlyList<VSphereSession> All => [.. Open.Values.OrderBy(static s => s.Name, StringComparer.OrdinalIgnoreCase)];

    /// <summary>Logs in and keeps the session; one to the same server is ended.</summary>
    public static VSphereSession Connect(VSphereServer server, VSphereLogin login, bool asDefault, Action<string> tell, CancellationToken cancel)
    {
        var session = new VSphereSession(server, login);
        session.Noted += tell;
        try
        {
            session.Connect(cancel);
        }
        catch
        {
            session.Dispose();
            throw;
        }

        session.Noted -= tell;
        if (Remove(session.Name) is { } old)
            Close(old, cancel);
        Open[session.Name] = session;
        if (asDefault || _default is null)
            _default = session.Name;
        return session;
    }

    /// <summary>Takes a session out; the caller closes it.</summary>
    public static VSphereSession? Remove(string name)
    {
        Open.TryRemove(name, out var session);
        if (string.Equals(_default, name, StringComparison.OrdinalIgnoreCase))
            _default = Open.Keys.OrderBy(static k => k, StringComparer.OrdinalIgnoreCase).FirstOrDefault();
        return session;
    }

    public static void Close(VSphereSession session, CancellationToken cancel)
    {
        using (session)
            session.LogOut(cancel);
    }

    /// <summary>Null when the server is not connected.</summary>
    public static VSphereSession? Find(string name) => Open.TryGetValue(name, out var session) ? session : null;

    /// <summary>A connection of our own to the server of an object of PowerCLI if there is one, else one made from PowerCLI's session.</summary>
    public static VSphereSession Of(Uri address, Secret cookie, Action<string> tell, CancellationToken cancel)
    {
        var server = VSphereServer.Of(address.AbsoluteUri);
        return Find(server.Name) ?? Connect(server, VSphereLogin.FromSession(cookie), asDefault: false, tell, cancel);
    }

    /// <param name="name">Null for the default.</param>
    /// <exception cref="OsMigrateException"><see cref="ErrorIds.VSphereNotConnected"/>.</exception>
    public static VSphereSession Get(string? name)
        => (name ?? _default) is { } wanted && Open.TryGetValue(wanted, out var session) ? session : throw NotConnected(name);

    /// <summary>Works on a server and passes on what its session notes meanwhile.</summary>
    public static void Use(string? name, Action<string> tell, Action<VSphereSession> work)
    {
        var session = Get(name);
        session.Noted += tell;
        try
        {
            work(session);
        }
        finally
        {
            session.Noted -= tell;
        }
    }

    /// <summary>Sessions whose server's name fits a pattern.</summary>
    /// <exception cref="OsMigrateException"><see cref="ErrorIds.VSphereNotConnected"/>: a plain name fits none.</exception>
    public static IReadOnlyList<VSphereSession> Matching(string pattern)
    {
        var wildcard = WildcardPattern.Get(pattern, WildcardOptions.IgnoreCase);
        var found = All.Where(s => wildcard.IsMatch(s.Name)).ToList();
        return found.Count > 0 || WildcardPattern.ContainsWildcardCharacters(pattern) ? found : throw NotConnected(pattern);
    }

    private static OsMigrateException NotConnected(string? name)
        => new(ErrorIds.VSphereNotConnected, ErrorKind.NotFound, name is null ? "No vCenter or ESXi host is connected." : $"'{name}' is not connected.", name)
        {
            Advice = "Connect-VSphere connects one; PowerCLI's own connections are used when its objects come through the pipeline.",
        };
}
