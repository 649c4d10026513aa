using System.Management.Automation;

namespace OsMigrate.Module.Pipeline;

/// <summary>One progress bar for several items that are worked on side by side, and one below it for each that is under way.</summary>
/// <param name="write">Hands a record to the pipeline thread.</param>
/// <param name="activity">What is being done: "Moving 3 machines to prod".</param>
internal sealed class ProgressTree(Action<ProgressRecord> write, string activity, int count)
{
    private readonly ProgressLine _trunk = new(write);
    private int _done;

    /// <summary>The bar of one item.</summary>
    public ProgressLine Begin()
    {
        Show();
        return new ProgressLine(write, _trunk.Id);
    }

    /// <summary>An item is over, well or not: its bar goes.</summary>
    public void End(ProgressLine branch)
    {
        if (branch.Completed() is { } completed)
            write(completed);
        Interlocked.Increment(ref _done);
        Show();
    }

    /// <summary>All are over.</summary>
    public void Close()
    {
        if (_trunk.Completed() is { } completed)
            write(completed);
    }

    private void Show() => _trunk.Report(activity, $"{Volatile.Read(ref _done)} of {count} done", 100 * Volatile.Read(ref _done) / Math.Max(1, count));
}
