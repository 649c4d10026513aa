namespace OsMigrate.Net;

/// <summary>Gives up on a server that does not move: runs while we wait for it, starts anew with every sign of life, and is off while we work ourselves.</summary>
internal sealed class AnswerClock(TimeSpan limit, CancellationToken cancel) : IDisposable
{
    private readonly CancellationTokenSource _source = CancellationTokenSource.CreateLinkedTokenSource(cancel);

    /// <summary>Cancelled by the user or when the time is up.</summary>
    public CancellationToken Token => _source.Token;

    /// <summary>True when the server, not the user, ended it.</summary>
    public bool HasExpired => _source.IsCancellationRequested && !cancel.IsCancellationRequested;

    public TimeSpan Limit => limit;

    public void Start() => _source.CancelAfter(limit);

    public void Stop()
    {
        if (!_source.IsCancellationRequested)
            _source.CancelAfter(Timeout.InfiniteTimeSpan);
    }

    public void Dispose() => _source.Dispose();
}
