using System.Collections;
using System.Collections.Concurrent;
using System.Management.Automation;
using System.Management.Automation.Language;
using OsMigrate.Bytes;
using OsMigrate.Module.Clouds;
using OsMigrate.OpenStack;

namespace OsMigrate.Module.Parameters;

/// <summary>Completes names of things in a cloud, from a list that is kept for a short time. Only a cloud that is connected already is asked.</summary>
public abstract class CloudThingCompleter : IArgumentCompleter
{
    private static readonly TimeSpan Kept = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);
    private static readonly ConcurrentDictionary<(Type, string), (DateTime Time, IReadOnlyList<(string, string)> Names)> Cache = new();

    public IEnumerable<CompletionResult> CompleteArgument(
        string commandName, string parameterName, string wordToComplete, CommandAst commandAst, IDictionary fakeBoundParameters)
    {
        var cloud = fakeBoundParameters["Cloud"] as string ?? CloudSessions.DefaultName;
        var session = CloudSessions.All.FirstOrDefault(s => s.Name == cloud);
        return session is null ? [] : Completions.Of(wordToComplete, Names(session));
    }

    /// <summary>Names with a word about each.</summary>
    protected abstract IEnumerable<(string Name, string Tip)> List(CloudSession session, CancellationToken cancel);

    private IReadOnlyList<(string, string)> Names(CloudSession session)
    {
        if (Cache.TryGetValue((GetType(), session.Name), out var known) && DateTime.UtcNow - known.Time < Kept)
            return known.Names;
        using var limit = new CancellationTokenSource(Patience);
        try
        {
            var names = List(session, limit.Token).Where(n => n.Name.Length > 0).Distinct().OrderBy(n => n.Name, StringComparer.OrdinalIgnoreCase).Take(500).ToList();
            Cache[(GetType(), session.Name)] = (DateTime.UtcNow, names);
            return names;
        }
        catch (Exception e) when (e is OsMigrateException or OperationCanceledException)
        {
            return [];
        }
    }
}
