using System.Collections.Concurrent;

namespace OsMigrate.Migrations.Cloud;

/// <summary>Servers of one group are launched one after the other.</summary>
/// <remarks>Nova's scheduler goes by what is there when it is asked: of two that are launched at once neither knows of the other. Compute hosts check once more, unless that is switched off ([workarounds] disable_group_policy_check_upcall), and soft policies are not checked at all.</remarks>
internal static class GroupTurns
{
    private static readonly ConcurrentDictionary<string, SemaphoreSlim> Groups = new(StringComparer.Ordinal);

    /// <summary>Waits for a turn, which ends when what is returned is disposed. Without a group nobody waits.</summary>
    public static IDisposable? Take(string? group, CancellationToken cancel)
    {
        if (group is null)
            return null;
        var turns = Groups.GetOrAdd(group, static _ => new SemaphoreSlim(1));
        turns.Wait(cancel);
        return new Turn(turns);
    }

    private sealed class Turn(SemaphoreSlim turns) : IDisposable
    {
        public void Dispose() => turns.Release();
    }
}
