using System.Diagnostics;

namespace OsMigrate.Disks.Copying;

/// <summary>Turns counts into <see cref="CopyProgress"/>, at most four times a second.</summary>
/// <remarks>The time left follows the data: holes cost nothing, so the share of the virtual size alone would mislead.</remarks>
public sealed class ProgressMeter(IProgress<CopyProgress>? target, long totalBytes)
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(250);
    private readonly Stopwatch _clock = Stopwatch.StartNew();
    private TimeSpan _last = TimeSpan.Zero;
    private long _moved;

    /// <summary>Notes progress.</summary>
    /// <param name="position">Content offset that has been passed.</param>
    /// <param name="moved">Data bytes moved since the last call.</param>
    public void Advance(long position, long moved)
    {
        _moved += moved;
        if (target is null || _clock.Elapsed - _last < Interval)
            return;
        _last = _clock.Elapsed;
        Report(position);
    }

    /// <summary>Reports the end.</summary>
    public void Finish() => target?.Report(new CopyProgress(totalBytes, totalBytes, Rate, TimeSpan.Zero));

    private double Rate => _moved / Math.Max(_clock.Elapsed.TotalSeconds, 0.001);

    private void Report(long position)
    {
        var done = Math.Min(position, totalBytes);
        TimeSpan? left = done > 0 && _clock.Elapsed.TotalSeconds >= 0.5
            ? TimeSpan.FromSeconds(_clock.Elapsed.TotalSeconds * (totalBytes - done) / done)
            : null;
        target!.Report(new CopyProgress(done, totalBytes, Rate, left));
    }
}
