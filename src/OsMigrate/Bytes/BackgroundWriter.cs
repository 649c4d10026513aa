namespace OsMigrate.Bytes;

/// <summary>Writes shared buffers to a file from a few threads, so that large writes overlap each other and the work before them.</summary>
/// <remarks>The queue is bounded. The first fault is kept and thrown by the next call of <see cref="Add"/> or <see cref="Drain"/>.</remarks>
internal sealed class BackgroundWriter(Action<long, SharedBuffer, int, int> write, int threads) : IDisposable
{
    private const int MaxQueued = 8;

    private readonly object _gate = new();
    private readonly Queue<(long Offset, SharedBuffer Buffer, int Start, int Length)> _queue = new();
    private readonly List<Task> _threads = [];
    private System.Runtime.ExceptionServices.ExceptionDispatchInfo? _fault;
    private int _busy;
    private bool _closed;

    /// <summary>Queues a write; waits while the queue is full.</summary>
    public void Add(long offset, SharedBuffer buffer, int start, int length)
    {
        lock (_gate)
        {
            while (_queue.Count >= MaxQueued && _fault is null)
                Monitor.Wait(_gate);
            _fault?.Throw();
            _queue.Enqueue((offset, buffer.Share(), start, length));
            if (_threads.Count < threads)
                _threads.Add(Task.Factory.StartNew(Work, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default));
            Monitor.PulseAll(_gate);
        }
    }

    /// <summary>Waits until everything queued is written.</summary>
    public void Drain()
    {
        lock (_gate)
        {
            while ((_queue.Count > 0 || _busy > 0) && _fault is null)
                Monitor.Wait(_gate);
            _fault?.Throw();
        }
    }

    /// <summary>Drops what is queued and ends the threads.</summary>
    public void Dispose()
    {
        lock (_gate)
        {
            _closed = true;
            foreach (var item in _queue)
                item.Buffer.Release();
            _queue.Clear();
            Monitor.PulseAll(_gate);
        }

        Task.WaitAll([.. _threads]);
    }

    private void Work()
    {
        while (true)
        {
            (long Offset, SharedBuffer Buffer, int Start, int Length) item;
            lock (_gate)
            {
                while (_queue.Count == 0 && !_closed)
                    Monitor.Wait(_gate);
                if (_queue.Count == 0)
                    return;
                item = _queue.Dequeue();
                _busy++;
                Monitor.PulseAll(_gate);
            }

            WriteOne(item);
        }
    }

    private void WriteOne((long Offset, SharedBuffer Buffer, int Start, int Length) item)
    {
        System.Runtime.ExceptionServices.ExceptionDispatchInfo? fault = null;
        try
        {
            write(item.Offset, item.Buffer, item.Start, item.Length);
        }
        catch (OsMigrateException e)
        {
            fault = System.Runtime.ExceptionServices.ExceptionDispatchInfo.Capture(e);
        }

        item.Buffer.Release();
        lock (_gate)
        {
            _busy--;
            _fault ??= fault;
            Monitor.PulseAll(_gate);
        }
    }
}
