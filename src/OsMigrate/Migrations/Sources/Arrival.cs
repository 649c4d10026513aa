using System.Diagnostics;
using OsMigrate.Disks.Copying;

namespace OsMigrate.Migrations.Sources;

/// <summary>How far the streams of a lease are. One thread at a time.</summary>
/// <remarks>
/// By the place on the disk where that is known: how long a stream will be is not known before its end, and a host's guess is the disk's size,
/// so that a thin disk would seem half done when it ends.
/// </remarks>
/// <param name="disks">Capacity, and the length of the stream as the host expects it, of each disk.</param>
internal sealed class Arrival(IReadOnlyList<(long Capacity, long? Expected)> disks)
{
    private readonly Stopwatch _clock = Stopwatch.StartNew();
    private readonly double[] _shares = new double[disks.Count];
    private readonly long[] _received = new long[disks.Count];

    /// <param name="received">Bytes of the disk's stream so far.</param>
    /// <param name="passed">How far on the disk it is, in bytes; null when that is not known.</param>
    public CopyProgress Advance(int index, long received, long? passed)
    {
        _received[index] = received;
        var (capacity, expected) = disks[index];
        _shares[index] = Math.Min(1, passed is { } place ? place / (double)Math.Max(1, capacity) : received / (double)Math.Max(1, Math.Max(received, expected ?? capacity)));
        var whole = disks.Sum(static d => d.Capacity);
        var done = (long)disks.Select((d, i) => d.Capacity * _shares[i]).Sum();
        var seconds = Math.Max(0.001, _clock.Elapsed.TotalSeconds);
        return new CopyProgress(done, whole, _received.Sum() / seconds, done > 0 && seconds >= 0.5 ? TimeSpan.FromSeconds(seconds * (whole - done) / done) : null);
    }
}
