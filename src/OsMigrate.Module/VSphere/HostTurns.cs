using System.Collections.Concurrent;

namespace OsMigrate.Module.VSphere;

/// <summary>Bounds how many machines of one ESXi host are copied at a time: its memory for disk streams is small, and backups need it too.</summary>
/// <param name="machinesPerHost">Of one host at a time.</param>
internal sealed class HostTurns(int machinesPerHost)
{
    private readonly ConcurrentDictionary<string, SemaphoreSlim> _hosts = new(StringComparer.Ordinal);

    /// <summary>Waits for a turn; it ends when what is returned is disposed.</summary>
    public IDisposable Take(string host, CancellationToken cancel)
    {
        var turns = _hosts.GetOrAdd(host, _ => new SemaphoreSlim(machinesPerHost));
        turns.Wait(cancel);
        return new Turn(turns);
    }

    private sealed class Turn(SemaphoreSlim turns) : IDisposable
    {
        public void Dispose() => turns.Release();
    }
}

/// <summary>How many machines are copied at a time.</summary>
/// <param name="All">Together.</param>
/// <param name="PerHost">Of one ESXi host.</param>
internal sealed record MachineLimits(int All, int PerHost);
