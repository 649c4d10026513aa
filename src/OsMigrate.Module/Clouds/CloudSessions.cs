using System.Collections.Concurrent;
using System.Management.Automation;
using OsMigrate.Bytes;
using OsMigrate.OpenStack;
using OsMigrate.OpenStack.Clouds;

namespace OsMigrate.Module.Clouds;

/// <summary>The clouds this process is connected to. Several at once; one of them is the default.</summary>
/// <remarks>Kept for the process and not for the runspace, so that ForEach-Object -Parallel and thread jobs use the sessions that are there.</remarks>
internal static class CloudSessions
{
    private static readonly ConcurrentDictionary<string, CloudSession> Open = new(StringComparer.Ordinal);
    private static volatile string? _default;

    /// <summary>Name of the cloud that cmdlets use when none is named; null when there is none.</summary>
    public static string? DefaultName => _default;

    public static IReadOnlyList<CloudSession> All => Open.Values.OrderBy(s => s.Name, StringComparer.Ordinal).ToList();

    /// <summary>Proves who we are and keeps the session.</summary>
    public static CloudSession Connect(CloudConfig config, bool asDefault, Action<string> tell, CancellationToken cancel)
    {
        var session = new CloudSession(config);
        session.Noted += tell;
        try
        {
            session.Authenticate(cancel);
        }
        catch
        {
            session.Dispose();
            throw;
        }

        session.Noted -= tell;
        Add(session, asDefault);
        return session;
    }

    /// <summary>The settings of a cloud, or what is wrong with them.</summary>
    public static (CloudConfig? Config, string? Problem) TryRead(CloudSettings settings, string name)
    {
        try
        {
            return (settings.Cloud(name), null);
        }
        catch (OsMigrateException e)
        {
            return (null, e.Message);
        }
    }

    /// <summary>Takes a session in under its name; one of the same name is replaced.</summary>
    public static void Add(CloudSession session, bool asDefault)
    {
        Open.AddOrUpdate(session.Name, session, (_, old) =>
        {
            if (!ReferenceEquals(old, session))
                old.Dispose();
            return session;
        });
        if (asDefault || _default is null)
            _default = session.Name;
    }

    /// <summary>Takes a session out; the caller disposes it.</summary>
    public static CloudSession? Remove(string name)
    {
        Open.TryRemove(name, out var session);
        if (_default == name)
            _default = Open.Keys.OrderBy(k => k, StringComparer.Ordinal).FirstOrDefault();
        return session;
    }

    /// <summary>The session of a cloud: a connected one, or one made now from clouds.yaml.</summary>
    /// <param name="name">Null for the default, or else the only cloud there is.</param>
    /// <param name="folder">The session's location in the file system, where clouds.yaml is looked for first.</param>
    public static CloudSession Get(string? name, string folder, Action<string> warn)
    {
        if ((name ?? _default) is { } wanted && Open.TryGetValue(wanted, out var session))
            return session;
        var config = CloudSettings.Load(folder).Cloud(name);
        foreach (var notice in config.Notices)
            warn(notice);
        var made = new CloudSession(config);
        return Open.GetOrAdd(made.Name, made);
    }

    /// <summary>Works in a cloud and passes on what its session notes meanwhile.</summary>
    public static void Use(string? name, string folder, Action<string> warn, Action<string> tell, Action<CloudSession> work)
    {
        var session = Get(name, folder, warn);
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

    /// <summary>The object with the name of its cloud on it, so that the next command of a pipeline goes to the same one.</summary>
    public static PSObject Marked(CloudSession session, object output)
    {
        var item = new PSObject(output);
        item.Properties.Add(new PSNoteProperty("Cloud", session.Name));
        return item;
    }

    /// <summary>The session's location in the file system.</summary>
    public static string Folder(SessionState state) => state.Path.CurrentFileSystemLocation.ProviderPath;

    /// <summary>Sessions whose name fits one of the patterns.</summary>
    /// <exception cref="OsMigrateException"><see cref="ErrorIds.CloudNotConnected"/>: a plain name fits none.</exception>
    public static IReadOnlyList<CloudSession> Matching(string pattern)
    {
        var wildcard = WildcardPattern.Get(pattern, WildcardOptions.IgnoreCase);
        var found = All.Where(s => wildcard.IsMatch(s.Name)).ToList();
        if (found.Count == 0 && !WildcardPattern.ContainsWildcardCharacters(pattern))
            throw new OsMigrateException(ErrorIds.CloudNotConnected, ErrorKind.NotFound, $"No cloud '{pattern}' is connected.", pattern) { Advice = "Connect-OpenStack connects one; Get-OpenStackCloud lists them." };
        return found;
    }
}
