using System.Collections.Concurrent;

namespace OsMigrate.Disks.Copying;

/// <summary>Work in parallel, results in order, with a bounded number in flight: memory does not grow with the input.</summary>
internal static class OrderedPipeline
{
    /// <summary>Runs <paramref name="work"/> on several threads and <paramref name="consume"/> on the calling thread in the order of <paramref name="items"/>.</summary>
    /// <remarks>
    /// The first fault of either side ends everything: running work is cancelled and awaited before the exception leaves here,
    /// so the caller may dispose what the workers use. <paramref name="items"/> is enumerated on the calling thread.
    /// </remarks>
    public static void Run<TItem, TResult>(
        IEnumerable<TItem> items, Func<TItem, TResult> work, Action<TItem, TResult> consume, int workers, CancellationToken cancel)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        using var todo = new BlockingCollection<Slot<TItem, TResult>>();
        var inFlight = new Queue<Slot<TItem, TResult>>();
        var threads = Enumerable.Range(0, workers)
            .Select(_ => Task.Factory.StartNew(() => Work(todo, work, stop.Token), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default))
            .ToArray();
        try
        {
            foreach (var item in items)
            {
                cancel.ThrowIfCancellationRequested();
                if (inFlight.Count >= workers * 4)
                    Take(inFlight, consume, cancel);
                var slot = new Slot<TItem, TResult>(item);
                inFlight.Enqueue(slot);
                todo.Add(slot, cancel);
            }

            while (inFlight.Count > 0)
                Take(inFlight, consume, cancel);
        }
        catch
        {
            stop.Cancel();
            throw;
        }
        finally
        {
            todo.CompleteAdding();
            Task.WaitAll(threads);
            foreach (var slot in inFlight)
                slot.Dispose();
        }
    }

    private static void Take<TItem, TResult>(Queue<Slot<TItem, TResult>> inFlight, Action<TItem, TResult> consume, CancellationToken cancel)
    {
        var slot = inFlight.Peek();
        var result = slot.Wait(cancel);
        inFlight.Dequeue();
        slot.Dispose();
        consume(slot.Item, result);
    }

    private static void Work<TItem, TResult>(BlockingCollection<Slot<TItem, TResult>> todo, Func<TItem, TResult> work, CancellationToken stop)
    {
        foreach (var slot in todo.GetConsumingEnumerable())
            slot.Run(work, stop);
    }

    private sealed class Slot<TItem, TResult>(TItem item) : IDisposable
    {
        private readonly ManualResetEventSlim _done = new();
        private TResult? _result;
        private System.Runtime.ExceptionServices.ExceptionDispatchInfo? _fault;

        public TItem Item => item;

        public void Run(Func<TItem, TResult> work, CancellationToken stop)
        {
            try
            {
                if (!stop.IsCancellationRequested)
                    _result = work(item);
            }
#pragma warning disable CA1031 // The fault is carried to the calling thread and thrown there.
            catch (Exception e)
#pragma warning restore CA1031
            {
                _fault = System.Runtime.ExceptionServices.ExceptionDispatchInfo.Capture(e);
            }

            _done.Set();
        }

        public TResult Wait(CancellationToken cancel)
        {
            _done.Wait(cancel);
            _fault?.Throw();
            return _result!;
        }

        public void Dispose() => _done.Dispose();
    }
}
