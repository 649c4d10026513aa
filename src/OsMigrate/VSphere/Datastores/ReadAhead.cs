namespace OsMigrate.VSphere.Datastores;

/// <summary>Reads a file front to back in windows, several of which are under way at once. Memory is bounded by their number.</summary>
/// <remarks>Reads may come from several threads and a little out of order, as the copy engine makes them.</remarks>
internal sealed class ReadAhead(Action<long, byte[], int> fetch, long length, int connections) : IDisposable
{
    public const int WindowSize = 2 << 20;

    private readonly object _gate = new();
    private readonly Dictionary<long, Task<byte[]>> _windows = [];

    // Windows are used again: arrays of this size are collected late, and would pile up.
    private readonly Stack<byte[]> _free = new();

    /// <summary>The range lies within the file.</summary>
    public void Read(long offset, Span<byte> buffer)
    {
        while (buffer.Length > 0)
        {
            var number = offset / WindowSize;
            var at = (int)(offset % WindowSize);
            var count = Math.Min(buffer.Length, Size(number) - at);
            if (!TryCopy(number, at, buffer.Slice(0, count)))
                continue;
            buffer = buffer.Slice(count);
            offset += count;
        }
    }

    /// <summary>False when the window went meanwhile, because other readers are far ahead.</summary>
    private bool TryCopy(long number, int at, Span<byte> target)
    {
        var task = Window(number);
        try
        {
            task.GetAwaiter().GetResult();
        }
        catch
        {
            Forget(number, task);
            throw;
        }

        // Under the lock, so that no window is given to another fetch while it is copied from.
        lock (_gate)
        {
            if (!_windows.TryGetValue(number, out var known) || !ReferenceEquals(known, task))
                return false;
            task.Result.AsSpan(at, target.Length).CopyTo(target);
            return true;
        }
    }

    public void Dispose()
    {
        Task[] left;
        lock (_gate)
            left = [.. _windows.Values];
        // They end soon: the caller has cancelled what they read by. Their faults concern nobody any more.
        foreach (var task in left)
            task.ContinueWith(static t => _ = t.Exception, CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default).Wait();
    }

    private int Size(long number) => (int)Math.Min(WindowSize, length - number * WindowSize);

    private Task<byte[]> Window(long number)
    {
        lock (_gate)
        {
            // What lies well behind was read; a reader that comes back for it pays with one more request.
            foreach (var old in _windows.Keys.Where(k => k < number - 2 || k > number + 2 * connections).ToList())
            {
                if (!_windows[old].IsCompleted)
                    continue;
                if (_windows[old].Status == TaskStatus.RanToCompletion)
                    _free.Push(_windows[old].Result);
                else
                    _ = _windows[old].Exception;
                _windows.Remove(old);
            }

            var wanted = Begin(number);
            for (var next = number + 1; next < number + connections && next * WindowSize < length; next++)
                _ = Begin(next);
            return wanted;
        }
    }

    private Task<byte[]> Begin(long number)
    {
        if (_windows.TryGetValue(number, out var known))
            return known;
        var buffer = _free.Count > 0 ? _free.Pop() : new byte[WindowSize];
        return _windows[number] = Task.Factory.StartNew(
            () =>
            {
                fetch(number * WindowSize, buffer, Size(number));
                return buffer;
            },
            CancellationToken.None,
            TaskCreationOptions.LongRunning,
            TaskScheduler.Default);
    }

    private void Forget(long number, Task<byte[]> task)
    {
        lock (_gate)
        {
            if (_windows.TryGetValue(number, out var known) && ReferenceEquals(known, task))
                _windows.Remove(number);
        }
    }
}
