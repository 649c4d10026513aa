using System.Buffers;
using OsMigrate.Bytes;

namespace OsMigrate.Disks.Copying;

/// <summary>Compares the content of two disks, whatever their formats. Runs that are holes on both sides are not read.</summary>
public static class DiskComparison
{
    private const int ChunkSize = 1 << 20;

    /// <remarks>Disks of different size are compared as if the shorter one ended in zeros, and are not identical.</remarks>
    public static ComparisonResult Run(DiskImage reference, DiskImage difference, IProgress<CopyProgress>? progress, CancellationToken cancel)
    {
        var length = Math.Max(reference.Length, difference.Length);
        var meter = new ProgressMeter(progress, length);
        long? first = null;
        OrderedPipeline.Run(
            Chunks(reference, difference, () => first is not null),
            offset => FirstDifference(reference, difference, offset, (int)Math.Min(ChunkSize, length - offset)),
            (offset, at) =>
            {
                first ??= at < 0 ? null : offset + at;
                meter.Advance(offset + ChunkSize, ChunkSize);
            },
            Math.Max(1, Environment.ProcessorCount),
            cancel);
        meter.Finish();
        // Most formats store whole 512-byte sectors only: a tail that makes up one counts as the same size.
        var sameSize = (reference.Length + 511) / 512 == (difference.Length + 511) / 512;
        return new ComparisonResult
        {
            Identical = first is null && sameSize,
            FirstDifferenceOffset = first ?? (sameSize ? null : Math.Min(reference.Length, difference.Length)),
            ContentDiffers = first is not null,
            ReferenceSizeBytes = reference.Length,
            DifferenceSizeBytes = difference.Length,
        };
    }

    private static IEnumerable<long> Chunks(DiskImage a, DiskImage b, Func<bool> enough)
    {
        using var left = SourceScan.DataChunks(a, ChunkSize).GetEnumerator();
        using var right = SourceScan.DataChunks(b, ChunkSize).GetEnumerator();
        long? x = left.MoveNext() ? left.Current : null, y = right.MoveNext() ? right.Current : null;
        while ((x is not null || y is not null) && !enough())
        {
            var next = Math.Min(x ?? long.MaxValue, y ?? long.MaxValue);
            yield return next;
            if (x == next)
                x = left.MoveNext() ? left.Current : null;
            if (y == next)
                y = right.MoveNext() ? right.Current : null;
        }
    }

    private static int FirstDifference(DiskImage a, DiskImage b, long offset, int length)
    {
        var left = ArrayPool<byte>.Shared.Rent(ChunkSize);
        var right = ArrayPool<byte>.Shared.Rent(ChunkSize);
        try
        {
            ReadPadded(a, offset, left.AsSpan(0, length));
            ReadPadded(b, offset, right.AsSpan(0, length));
            var x = left.AsSpan(0, length);
            var y = right.AsSpan(0, length);
            if (x.SequenceEqual(y))
                return -1;
            var i = 0;
            while (x[i] == y[i])
                i++;
            return i;
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(left);
            ArrayPool<byte>.Shared.Return(right);
        }
    }

    private static void ReadPadded(DiskImage disk, long offset, Span<byte> buffer)
    {
        var n = (int)Math.Max(0, Math.Min(buffer.Length, disk.Length - offset));
        SourceScan.ReadChunk(disk, offset, buffer.Slice(0, n));
        buffer.Slice(n).Clear();
    }
}

/// <summary>How two disks compare. Offsets and sizes in bytes.</summary>
public sealed record ComparisonResult
{
    /// <summary>Same size and same content.</summary>
    public bool Identical { get; init; }

    /// <summary>First byte that differs; where only the sizes differ, the end of the shorter disk. Null when identical.</summary>
    public long? FirstDifferenceOffset { get; init; }

    /// <summary>A byte differs, beyond the shorter disk being shorter.</summary>
    public bool ContentDiffers { get; init; }

    public long ReferenceSizeBytes { get; init; }

    public long DifferenceSizeBytes { get; init; }
}
