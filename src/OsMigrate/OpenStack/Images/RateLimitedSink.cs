using System.Diagnostics;
using OsMigrate.Bytes;

namespace OsMigrate.OpenStack.Images;

/// <summary>Hands bytes on no faster than allowed, in steps small enough to be even.</summary>
/// <remarks>Does not own the sink below.</remarks>
internal sealed class RateLimitedSink(Sink below, long? bytesPerSecond, CancellationToken cancel) : Sink
{
    private const int Step = 64 << 10;

    private readonly Stopwatch _clock = Stopwatch.StartNew();

    public override string Name => below.Name;

    public override void Append(ReadOnlySpan<byte> data)
    {
        while (data.Length > 0)
        {
            cancel.ThrowIfCancellationRequested();
            var n = bytesPerSecond is null ? data.Length : Math.Min(Step, data.Length);
            below.Append(data.Slice(0, n));
            Position += n;
            data = data.Slice(n);
            Wait();
        }
    }

    public override void AppendZeros(long count)
    {
        while (count > 0)
        {
            cancel.ThrowIfCancellationRequested();
            var n = Math.Min(count, 1 << 20);
            below.AppendZeros(n);
            Position += n;
            count -= n;
            Wait();
        }
    }

    private void Wait()
    {
        if (bytesPerSecond is not { } rate)
            return;
        var due = TimeSpan.FromSeconds(Position / (double)rate) - _clock.Elapsed;
        if (due > TimeSpan.FromMilliseconds(5))
            cancel.WaitHandle.WaitOne(due);
    }
}
