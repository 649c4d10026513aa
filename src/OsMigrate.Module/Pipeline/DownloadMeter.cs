using System.Diagnostics;
using OsMigrate.Disks.Copying;

namespace OsMigrate.Module.Pipeline;

/// <summary>Turns what a download tells into progress with rate and time left. What an earlier download left counts as done, not into the rate.</summary>
internal sealed class DownloadMeter(IProgress<CopyProgress> target)
{
    private static readonly TimeSpan Settling = TimeSpan.FromSeconds(0.5);
    private readonly Stopwatch _clock = Stopwatch.StartNew();
    private long _first = -1;

    /// <param name="have">Bytes that are there.</param>
    /// <param name="total">Bytes in all; null while not known.</param>
    public void Report(long have, long? total)
    {
        // The first piece has begun the clock; a download that starts anew begins with nothing.
        if (_first < 0 || have < _first)
        {
            _first = have;
            _clock.Restart();
        }

        if (total is not { } all)
            return;
        var rate = (have - _first) / Math.Max(_clock.Elapsed.TotalSeconds, 0.001);
        TimeSpan? left = rate > 0 && _clock.Elapsed >= Settling ? TimeSpan.FromSeconds((all - have) / rate) : null;
        target.Report(new CopyProgress(have, all, rate, left));
    }
}
