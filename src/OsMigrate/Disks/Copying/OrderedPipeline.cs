using System.Runtime.ExceptionServices;

namespace OsMigrate.Disks.Copying;

/// <summary>Work in parallel, results in order, with a bounded number in flight: memory does not grow with the input.</summary>
internal static class OrderedPipeline
{
    /// <summary>Runs <paramref name="work"/> on several threads and <paramref name="consume"/> on the calling thread in the order of <paramref name="items"/>.</summary>
    /// <remarks>
    /// The first fault of either side ends everything: running work is awaited before the exception leaves here, so the caller may dispose
    /// what the workers use. <paramref name="items"/> is enumerated on the calling thread.
    /// </remarks>
    public static void Run<TItem, TResult>(
        IEnumerable<TItem> items, Func<TItem, TResult> work, Action<TItem, TResult> consume, int workers, CancellationToken cancel)
    {
        using var pump = new OrderedPump<TItem, TResult>(work, consume, workers, cancel);
        foreach (var item in items)
            pump.Add(item);
        pump.Finish();
    }
}

/// <summary>The same for items that come by themselves: what is added is worked on while the next is on its way.</summary>
/// <remarks>One thread adds; results are consumed on it too.</remarks>
internal sealed class OrderedPump<TItem, TResult> : IDisposable
{
    private readonly Action<TItem, TResult> _consume;
    private readonly CancellationToken _cancel;
    private readonly int _most;
    private readonly State _state;
    private readonly Task[] _threads;
    private readonly Queue<Slot> _inFlight = new();
    private readonly CancellationTokenRegistration _wake;

    public OrderedPump(Func<TItem, TResult> work, Action<TItem, TResult> consume, int workers, CancellationToken cancel)
    {
        (_consume, _cancel, _most) = (consume, cancel, workers * 3);
        var state = _state = new State(work);
        _threads = Enumerable.Range(0, workers)
            .Select(_ => Task.Factory.StartNew(state.Work, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default))
            .ToArray();
        _wake = cancel.Register(state.Wake);
    }

    /// <summary>Hands an item to the workers; while too many are in flight, the oldest results are awaited and consumed first.</summary>
    /// <exception cref="OperationCanceledException"/>
    /// <remarks>Also throws what an earlier item's work threw.</remarks>
    public void Add(TItem item)
    {
        if (_inFlight.Count >= _most)
            Take();
        _cancel.ThrowIfCancellationRequested();
        var slot = new Slot(item);
        _inFlight.Enqueue(slot);
        _state.Add(slot);
    }

    /// <summary>Awaits and consumes all that is left.</summary>
    public void Finish()
    {
        while (_inFlight.Count > 0)
            Take();
    }

    /// <summary>Drops what was not begun, and awaits what was.</summary>
    public void Dispose()
    {
        _wake.Dispose();
        _state.Close();
        Task.WaitAll(_threads);
    }

    private void Take()
    {
        var slot = _inFlight.Dequeue();
        _state.Await(slot, _cancel);
        slot.Fault?.Throw();
        _consume(slot.Item, slot.Result!);
    }

    private sealed class Slot(TItem item)
    {
        public TItem Item => item;

        public TResult? Result { get; set; }

        public ExceptionDispatchInfo? Fault { get; set; }

        public bool Done { get; set; }
    }

    /// <summary>The queue between the two sides. Plain monitor waits: on two cores, spinning waiters take time from the workers.</summary>
    private sealed class State(Func<TItem, TResult> work)
    {
        private readonly object _gate = new();
        private readonly Queue<Slot> _todo = new();
        private bool _closed;

        public void Add(Slot slot)
        {
            lock (_gate)
            {
                _todo.Enqueue(slot);
                Monitor.PulseAll(_gate);
            }
        }

        public void Await(Slot slot, CancellationToken cancel)
        {
            lock (_gate)
            {
                while (!slot.Done)
                {
                    cancel.ThrowIfCancellationRequested();
                    Monitor.Wait(_gate);
                }
            }
        }

        public void Wake()
        {
            lock (_gate)
                Monitor.PulseAll(_gate);
        }

        public void Close()
        {
            lock (_gate)
            {
                _closed = true;
                _todo.Clear();
                Monitor.PulseAll(_gate);
            }
        }

        public void Work()
        {
            while (Next() is { } slot)
            {
                try
                {
                    slot.Result = work(slot.Item);
                }
#pragma warning disable CA1031 // The fault is carried to the calling thread and thrown there.
                catch (Exception e)
#pragma warning restore CA1031
                {
                    slot.Fault = ExceptionDispatchInfo.Capture(e);
                }

                lock (_gate)
                {
                    slot.Done = true;
                    Monitor.PulseAll(_gate);
                }
            }
        }

        private Slot? Next()
        {
            lock (_gate)
            {
                while (_todo.Count == 0 && !_closed)
                    Monitor.Wait(_gate);
                return _todo.Count == 0 ? null : _todo.Dequeue();
            }
        }
    }
}
