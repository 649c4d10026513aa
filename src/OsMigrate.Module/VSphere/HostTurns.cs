using System.Collections.Concurrent;

namespace OsMigrate.Module.VSphere;

/// <summary>Bounds how many machines of one ESXi host are copied at a time: its memory for disk streams is small, and backups need it too.</summary>
internal sealed class HostTurns
{
    private const int MachinesPerHost = 2;

    private readonly ConcurrentDictionary<string, SemaphoreSlim> _hosts = new(StringComparer.Ordinal);

    /// <summary>Waits for a turn; it ends when what is returned is disposed.</summary>
    public IDisposable Take(string host, CancellationToken cancel)
    {
        var turns = _hosts.GetOrAdd(host, static _ => new SemaphoreSlim(MachinesPerHost));
        turns.Wait(cancel);
        return new Turn(turns);
    }

    private sealed class Turn(SemaphoreSlim turns) : IDisposable
    {
        public void Dispose() => turns.Release();
    }
}
