using System.Management.Automation;
using OsMigrate.Module.Clouds;
using OsMigrate.Module.Parameters;
using OsMigrate.OpenStack;

namespace OsMigrate.Module.Pipeline;

/// <summary>A cmdlet that works in one cloud: the one named, else the default connection, else the only cloud of clouds.yaml.</summary>
public abstract class OpenStackCmdlet : AsyncCmdlet
{
    /// <summary>Objects carry the name of their cloud, so that the next command of a pipeline goes to the same one.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [ArgumentCompleter(typeof(CloudCompleter))]
    [ValidateNotNullOrEmpty]
    public string? Cloud { get; set; }

    /// <summary>Pipeline thread: works in the cloud, in the background.</summary>
    /// <param name="target">What the item is, for the error record.</param>
    protected void RunIn(object? target, Action<CloudSession> work)
    {
        var folder = CloudSessions.Folder(SessionState);
        var name = Cloud;
        Run(target, () => CloudSessions.Use(name, folder, Warn, Tell, work));
    }

    /// <summary>Runs the work for each name; once with null when there is none.</summary>
    protected void RunForEach(string[]? names, Action<CloudSession, string?> work)
    {
        foreach (var name in names is { Length: > 0 } ? names : [null!])
            RunIn(name, session => work(session, name));
    }

    /// <summary>From the work: writes an object of the cloud, with the cloud's name on it.</summary>
    protected void Emit(CloudSession session, object output) => Emit(CloudSessions.Marked(session, output));

    /// <summary>Things whose name fits a pattern: a plain name or an id is asked for, a pattern is matched against the list.</summary>
    protected static IEnumerable<T> Choose<T>(string? pattern, Func<string, T> find, Func<IEnumerable<T>> list, Func<T, string> name)
    {
        if (pattern is null)
            return list();
        if (!WildcardPattern.ContainsWildcardCharacters(pattern))
            return [find(pattern)];
        var wildcard = WildcardPattern.Get(pattern, WildcardOptions.IgnoreCase);
        return list().Where(item => wildcard.IsMatch(name(item)));
    }
}
