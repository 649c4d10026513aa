using OsMigrate.Bytes;

namespace OsMigrate.FileSystems;

/// <summary>Runs of free blocks, gathered in ascending order; neighbours become one. Counted in blocks of the file system.</summary>
internal sealed class BlockRuns(string volumeName)
{
    // 16 bytes each: 64 MiB at the most.
    private const int MaxRuns = 1 << 22;

    private readonly List<(long Start, long Count)> _runs = [];

    /// <exception cref="InvalidImageException">It begins before the last one ends, or there are too many.</exception>
    public void Add(long start, long count)
    {
        var last = _runs.Count > 0 ? _runs[_runs.Count - 1] : (Start: 0, Count: 0);
        var end = last.Start + last.Count;
        if (count <= 0 || start < end)
            throw new InvalidImageException(ErrorIds.Overlap, volumeName, -1, $"{count} free blocks at {start} begin before block {end}, where the free blocks before them end");
        if (_runs.Count > 0 && start == end)
        {
            _runs[_runs.Count - 1] = (last.Start, last.Count + count);
            return;
        }

        if (_runs.Count >= MaxRuns)
            throw new InvalidImageException(ErrorIds.TooLarge, volumeName, -1, $"the free space lies in more than {MaxRuns} pieces");
        _runs.Add((start, count));
    }

    public IEnumerable<Extent> Extents(int blockSize) => _runs.Select(r => new Extent(r.Start * blockSize, r.Count * blockSize, ExtentKind.Zero));
}
