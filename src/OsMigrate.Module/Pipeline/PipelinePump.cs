using System.Collections.Concurrent;

namespace OsMigrate.Module.Pipeline;

/// <summary>Runs work on a thread of its own while the pipeline thread, the only one that may talk to PowerShell, carries out what the work asks for.</summary>
internal sealed class PipelinePump(CancellationToken cancel) : IDisposable
{
    // Bounded, so that work which writes faster than the pipeline reads has to wait.
    private readonly BlockingCollection<Action> _actions = new(256);

    /// <summary>Pipeline thread: runs <paramref name="work"/> to its end and rethrows what it throws.</summary>
    /// <param name="stop">Cancels the work; called when the pipeline throws on what the work writes.</param>
    public void Run(Action work, Action stop)
    {
        var running = Task.Factory.StartNew(() => WorkThenClose(work), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        try
        {
            foreach (var action in _actions.GetConsumingEnumerable())
                action();
        }
        catch
        {
            stop();
            Drain();
            // The pipeline's own exception is the one that counts; the work must be over before files and images are closed.
            running.ContinueWith(static t => _ = t.Exception, CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default).Wait(CancellationToken.None);
            throw;
        }

        running.GetAwaiter().GetResult();
    }

    /// <summary>Any thread of the work: has an action carried out on the pipeline thread some time later.</summary>
    public void Post(Action action) => _actions.Add(action, cancel);

    /// <summary>As <see cref="Post"/>, for what is only told: once the pipeline is stopped it is dropped, since what is being cleaned up then must not end on that.</summary>
    public void Tell(Action action)
    {
        try
        {
            Post(action);
        }
        catch (OperationCanceledException)
        {
            // Nobody listens any more.
        }
    }

    /// <summary>Any thread of the work: has a question answered on the pipeline thread and waits for it.</summary>
    public T Ask<T>(Func<T> question)
    {
        var answer = new TaskCompletionSource<T>(TaskCreationOptions.RunContinuationsAsynchronously);
        Post(() => answer.SetResult(question()));
        answer.Task.Wait(cancel);
        return answer.Task.Result;
    }

    public void Dispose() => _actions.Dispose();

    private void WorkThenClose(Action work)
    {
        try
        {
            work();
        }
        finally
        {
            _actions.CompleteAdding();
        }
    }

    private void Drain()
    {
        foreach (var ignored in _actions.GetConsumingEnumerable())
            _ = ignored;
    }
}
