using System.Management.Automation;
using OsMigrate.Disks.Copying;
using OsMigrate.Migrations.Cloud;

namespace OsMigrate.Module.Pipeline;

/// <summary>The base of every cmdlet: work runs in the background, PowerShell is only talked to from the pipeline thread, Ctrl+C cancels the work and waits for it.</summary>
/// <remarks>
/// An item that fails becomes one non-terminating error and the next item goes on. Cmdlets neither catch exceptions nor make error records:
/// they throw <see cref="Bytes.OsMigrateException"/> or let the library's pass.
/// </remarks>
public abstract class AsyncCmdlet : PSCmdlet
{
    // Not disposed: it holds nothing without a timer, and a stop may come after the end.
    private readonly CancellationTokenSource _stop = new();
    private readonly ProgressLine _progress;
    private PipelinePump? _pump;

    protected AsyncCmdlet() => _progress = new ProgressLine(Show);

    /// <summary>Cancelled when the user stops the pipeline, or a command further down does.</summary>
    protected CancellationToken Cancel => _stop.Token;

    /// <summary>Pipeline thread: checks parameters before the first item. An error here ends the command.</summary>
    protected virtual void CheckParameters()
    {
    }

    /// <summary>Pipeline thread: takes one pipeline record and calls <see cref="Run"/> for each item in it.</summary>
    protected abstract void TakeRecord();

    /// <summary>Pipeline thread: after the last record, for cmdlets that gather items to work on them together.</summary>
    protected virtual void TakeEnd()
    {
    }

    protected sealed override void BeginProcessing()
    {
        if (Fault(CheckParameters) is { } fault)
            ThrowTerminatingError(ErrorRecords.From(fault, this));
    }

    protected sealed override void ProcessRecord() => TakeRecord();

    protected sealed override void EndProcessing() => TakeEnd();

    protected sealed override void StopProcessing() => _stop.Cancel();

    /// <summary>Pipeline thread: runs the work for one item in the background until it is done.</summary>
    /// <param name="target">What the item is, for the error record.</param>
    protected void Run(object? target, Action work)
    {
        Exception? fault = null;
        using (_pump = new PipelinePump(_stop.Token))
        {
            try
            {
                _pump.Run(() => fault = Fault(work), _stop.Cancel);
            }
            finally
            {
                _pump = null;
                if (!Stopping && !_stop.IsCancellationRequested && _progress.Completed() is { } completed)
                    WriteProgress(completed);
            }
        }

        Conclude(fault, target);
    }

    /// <summary>From the work: works on several items side by side. An item that fails is one error, told when it happens, and the others go on.</summary>
    /// <param name="limit">Items at a time.</param>
    /// <param name="targetOf">What an item is, for its error record.</param>
    protected void SideBySide<T>(IEnumerable<T> items, int limit, Func<T, object?> targetOf, Action<T> work)
    {
        var left = new System.Collections.Concurrent.ConcurrentQueue<T>(items);
        var threads = Enumerable.Range(0, Math.Min(limit, left.Count)).Select(_ => Task.Factory.StartNew(
            () =>
            {
                while (!_stop.IsCancellationRequested && left.TryDequeue(out var item))
                {
                    if (Fault(() => work(item)) is { } fault)
                        _pump?.Tell(() => Conclude(fault, targetOf(item)));
                }
            },
            CancellationToken.None,
            TaskCreationOptions.LongRunning,
            TaskScheduler.Default)).ToArray();
        Task.WaitAll(threads);
        _stop.Token.ThrowIfCancellationRequested();
    }

    /// <summary>As the other, with a progress bar for each item below one for all.</summary>
    /// <param name="activity">What is being done to all: "Moving 3 machines to prod".</param>
    /// <param name="work">Gets what takes note of the item's progress.</param>
    protected void SideBySide<T>(IReadOnlyCollection<T> items, int limit, string activity, Func<T, object?> targetOf, Action<T, IJobWatcher> work)
    {
        if (items.Count == 1)
        {
            SideBySide(items, limit, targetOf, item => work(item, JobWatcher()));
            return;
        }

        var tree = new ProgressTree(Show, activity, items.Count);
        SideBySide(items, limit, targetOf, item =>
        {
            var branch = tree.Begin();
            try
            {
                work(item, new Watcher(this, branch));
            }
            finally
            {
                tree.End(branch);
            }
        });
        tree.Close();
    }

    /// <summary>Pipeline thread: tries something quick, such as resolving a path; on failure writes the error and gives the fallback.</summary>
    protected T Attempt<T>(object? target, Func<T> work, T fallback)
    {
        var result = fallback;
        Conclude(Fault(() => result = work()), target);
        return result;
    }

    /// <summary>From the work: writes an output object.</summary>
    protected void Emit(object output) => Post(() => WriteObject(output));

    protected void Warn(string text) => _pump?.Tell(() => WriteWarning(text));

    protected void Tell(string text) => _pump?.Tell(() => WriteVerbose(text));

    /// <summary>From the work: tells of an error in a part of the item; the rest of it goes on.</summary>
    protected void Complain(Bytes.OsMigrateException fault) => _pump?.Tell(() => Conclude(fault, fault.Target));

    /// <summary>From the work: asks whether to go on (-WhatIf, -Confirm).</summary>
    /// <param name="description">What will be done; printed by -WhatIf and -Verbose.</param>
    /// <param name="question">What -Confirm asks.</param>
    protected bool Confirm(string description, string question)
        => _pump!.Ask(() => ShouldProcess(description, question, MyInvocation.MyCommand.Name));

    /// <summary>Makes a receiver of copy progress that may be called from any thread.</summary>
    protected IProgress<CopyProgress> CopyProgress(string activity) => new Receiver(this, activity);

    /// <summary>Makes a receiver of what a job tells, which may be called from any thread.</summary>
    protected IJobWatcher JobWatcher() => new Watcher(this, _progress);

    /// <summary>From any thread of the work: shows how far it is.</summary>
    protected void ReportProgress(string activity, CopyProgress progress) => _progress.Report(activity, progress);

    /// <summary>From any thread of the work: shows in which state something is that has no amount.</summary>
    protected void ReportProgress(string activity, string state) => _progress.Report(activity, state);

    private void Show(ProgressRecord record) => _pump?.Tell(() => WriteProgress(record));

    private void Post(Action action) => _pump?.Post(action);

    private void Conclude(Exception? fault, object? target)
    {
        if (_stop.IsCancellationRequested && fault is null or OperationCanceledException)
            return;
        if (fault is not null)
            WriteError(ErrorRecords.From(fault, target));
    }

    private static Exception? Fault(Action work)
    {
        try
        {
            work();
            return null;
        }
        catch (Exception e) when (e is not PipelineStoppedException)
        {
            return e;
        }
    }

    private sealed class Receiver(AsyncCmdlet owner, string activity) : IProgress<CopyProgress>
    {
        public void Report(CopyProgress value) => owner.ReportProgress(activity, value);
    }

    private sealed class Watcher(AsyncCmdlet owner, ProgressLine line) : IJobWatcher
    {
        public void Copying(string activity, CopyProgress progress) => line.Report(activity, progress);

        public void Waiting(string activity, string state) => line.Report(activity, state);

        public void Warn(string text) => owner.Warn(text);
    }
}
