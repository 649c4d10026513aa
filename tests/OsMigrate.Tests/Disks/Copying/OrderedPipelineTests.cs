using OsMigrate.Disks.Copying;

namespace OsMigrate.Tests.Disks.Copying;

public class OrderedPipelineTests
{
    [Fact]
    public void Results_come_in_order_whatever_the_work_takes()
    {
        var seen = new List<int>();
        OrderedPipeline.Run(
            Enumerable.Range(0, 500),
            i =>
            {
                Thread.SpinWait(i * 7919 % 20_000);
                return i * 2;
            },
            (i, result) =>
            {
                Assert.Equal(i * 2, result);
                seen.Add(i);
            },
            workers: 4,
            CancellationToken.None);
        Assert.Equal(Enumerable.Range(0, 500), seen);
    }

    [Fact]
    public void At_most_three_items_per_worker_are_in_flight()
    {
        var inFlight = 0;
        var most = 0;
        OrderedPipeline.Run(
            Enumerable.Range(0, 200).Select(i =>
            {
                most = Math.Max(most, Interlocked.Increment(ref inFlight));
                return i;
            }),
            i => i,
            (_, _) => Interlocked.Decrement(ref inFlight),
            workers: 2,
            CancellationToken.None);
        Assert.InRange(most, 1, 7);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_fault_on_either_side_arrives_unwrapped_after_all_work_has_stopped(bool inWork)
    {
        var running = 0;
        Assert.Throws<InvalidDataException>(() => OrderedPipeline.Run(
            Enumerable.Range(0, 1000),
            i =>
            {
                Interlocked.Increment(ref running);
                try
                {
                    Thread.Sleep(1);
                    return i == 20 && inWork ? throw new InvalidDataException() : i;
                }
                finally
                {
                    Interlocked.Decrement(ref running);
                }
            },
            (i, _) =>
            {
                if (i == 20 && !inWork)
                    throw new InvalidDataException();
            },
            workers: 3,
            CancellationToken.None));
        Assert.Equal(0, running);
    }

    [Fact]
    public void Cancelling_ends_the_wait_for_slow_work()
    {
        using var cancel = new CancellationTokenSource(50);
        Assert.ThrowsAny<OperationCanceledException>(() => OrderedPipeline.Run(
            Enumerable.Range(0, 1_000_000), i =>
            {
                Thread.Sleep(5);
                return i;
            },
            (_, _) => { },
            workers: 2,
            cancel.Token));
    }
}
