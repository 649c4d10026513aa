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
        var state = new State<TItem, TResult>(work);
        var threads = Enumerable.Range(0, workers)
            .Select(_ => Task.Factory.StartNew(state.Work, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default))
            .ToArray();
        using var wake = cancel.Register(state.Wake);
        try
        {
            var inFlight = new Queue<Slot<TItem, TResult>>();
            foreach (var item in items)
            {
                if (inFlight.Count >= workers * 3)
                    Take(state, inFlight, consume, cancel);
                cancel.ThrowIfCancellationRequested();
                var slot = new Slot<TItem, TResult>(item);
                inFlight.Enqueue(slot);
                state.Add(slot);
            }

            while (inFlight.Count > 0)
                Take(state, inFlight, consume, cancel);
        }
        finally
        {
            state.Close();
            Task.WaitAll(threads);
        }
    }

    private static void Take<TItem, TResult>(
        State<TItem, TResult> state, Queue<Slot<TItem, TResult>> inFlight, Action<TItem, TResult> consume, CancellationToken cancel)
    {
        var slot = inFlight.Dequeue();
        state.Await(slot, cancel);
        slot.Fault?.Throw();
        consume(slot.Item, slot.Result!);
    }

    private sealed class Slot<TItem, TResult>(TItem item)
    {
        public TItem Item => item;

        public TResult? Result { get; set; }

        public ExceptionDispatchInfo? Fault { get; set; }

        public bool Done { get; set; }
    }

    /// <summary>The queue between the two sides. Plain monitor waits: on two cores, spinning waiters take time from the workers.</summary>
    private sealed class State<TItem, TResult>(Func<TItem, TResult> work)
    {
        private readonly object _gate = new();
        private readonly Queue<Slot<TItem, TResult>> _todo = new();
        private bool _closed;

        public void Add(Slot<TItem, TResult> slot)
        {
            lock (_gate)
            {
                _todo.Enqueue(slot);
                Monitor.PulseAll(_gate);
            }
        }

        public void Await(Slot<TItem, TResult> slot, CancellationToken cancel)
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

        private Slot<TItem, TResult>? Next()
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
