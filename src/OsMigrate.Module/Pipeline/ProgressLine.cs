using System.Diagnostics;
using System.Management.Automation;
using OsMigrate.Bytes;
using OsMigrate.Disks.Copying;

namespace OsMigrate.Module.Pipeline;

/// <summary>One progress bar: at most four records a second, per cent within 0..100, and always closed in the end.</summary>
/// <param name="write">Hands a record to the pipeline thread.</param>
/// <param name="parent">Id of the bar that it stands below; -1 for none.</param>
internal sealed class ProgressLine(Action<ProgressRecord> write, int parent = -1)
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(250);
    private static int _lastId = 7000;
    private readonly int _id = Interlocked.Increment(ref _lastId);
    private readonly Stopwatch _sinceLast = Stopwatch.StartNew();
    private readonly object _gate = new();
    private string? _activity;
    private string? _state;

    public int Id => _id;

    /// <summary>Notes how far the work is; safe from any thread.</summary>
    /// <param name="activity">What is being done: "Converting web01.vmdk to qcow2".</param>
    public void Report(string activity, CopyProgress progress)
    {
        lock (_gate)
        {
            if (_activity is not null && _sinceLast.Elapsed < Interval)
                return;
            _sinceLast.Restart();
            _activity = activity;
        }

        write(Record(activity, progress));
    }

    /// <summary>Notes a state; a new one is always shown.</summary>
    /// <param name="percent">-1 when nobody knows.</param>
    public void Report(string activity, string state, int percent = -1)
    {
        lock (_gate)
        {
            if (_state == state && _activity is not null && _sinceLast.Elapsed < Interval)
                return;
            _sinceLast.Restart();
            (_activity, _state) = (activity, state);
        }

        write(new ProgressRecord(_id, activity, state) { PercentComplete = percent, ParentActivityId = parent });
    }

    /// <summary>The record that takes the bar away, or null when none was shown.</summary>
    public ProgressRecord? Completed()
    {
        var activity = _activity;
        _activity = null;
        return activity is null ? null : new ProgressRecord(_id, activity, "Done") { RecordType = ProgressRecordType.Completed, PercentComplete = 100, ParentActivityId = parent };
    }

    private ProgressRecord Record(string activity, CopyProgress progress)
    {
        var percent = progress.BytesTotal <= 0 ? 0 : 100.0 * progress.BytesDone / progress.BytesTotal;
        var status = $"{ByteSize.Text(progress.BytesDone)} of {ByteSize.Text(progress.BytesTotal)}, {ByteSize.Text((long)Math.Max(0, progress.BytesPerSecond))}/s";
        return new ProgressRecord(_id, activity, status)
        {
            ParentActivityId = parent,
            PercentComplete = (int)Math.Max(0, Math.Min(100, percent)),
            SecondsRemaining = progress.TimeLeft is { } left ? (int)Math.Max(0, Math.Min(int.MaxValue, left.TotalSeconds)) : -1,
        };
    }
}
