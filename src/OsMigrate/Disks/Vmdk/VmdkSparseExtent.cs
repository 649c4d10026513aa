using OsMigrate.Bytes;

namespace OsMigrate.Disks.Vmdk;

/// <summary>An extent of plain grains, found through tables.</summary>
internal class VmdkSparseExtent(ByteStore store, GrainTables tables, int grainBytes, long length) : VmdkExtent(length)
{
    // Looking further ahead than this would read tables that the caller may never need.
    private const int MaxLookAhead = 4096;

    protected ByteStore Store => store;

    public GrainTables Tables => tables;

    /// <summary>The second copy of the tables, where the header says that there is one.</summary>
    public GrainTables? RedundantTables { get; init; }

    /// <summary>Header, descriptor and directories in front of the first grain.</summary>
    public long OverheadBytes { get; init; }

    public string FileName => store.Name;

    public long FileLength => store.Length;

    public int GrainBytes => grainBytes;

    /// <summary>True when the file is the image itself, which the caller of Open keeps when opening fails.</summary>
    public bool OwnsMainStore { get; set; }

    public override (VmdkRunKind Kind, long Length) Run(long offset)
    {
        var grain = offset / grainBytes;
        var absent = tables.AbsentRun(grain);
        var kind = VmdkRunKind.Absent;
        var end = grain + absent;
        if (absent == 0)
        {
            kind = tables.Find(grain, out _);
            var limit = Math.Min(grain + MaxLookAhead, Grains);
            for (end = grain + 1; end < limit && tables.Find(end, out _) == kind; end++)
            {
            }
        }

        return (kind, Math.Min(end * grainBytes, Length) - offset);
    }

    public override void Read(long offset, Span<byte> buffer)
    {
        while (buffer.Length > 0)
        {
            var within = (int)(offset % grainBytes);
            if (tables.Find(offset / grainBytes, out var place) != VmdkRunKind.Data)
                throw new InvalidOperationException("Only data runs are read.");
            var n = ReadHere(offset, within, place, buffer);
            offset += n;
            buffer = buffer.Slice(n);
        }
    }

    /// <summary>Reads from one grain on; grains that follow each other in the file are read in one go.</summary>
    /// <returns>Bytes read, at least 1.</returns>
    protected virtual int ReadHere(long offset, int within, long place, Span<byte> buffer)
    {
        var n = Math.Min(grainBytes - within, buffer.Length);
        for (var grain = (offset / grainBytes) + 1; n < buffer.Length; grain++)
        {
            if (tables.Find(grain, out var next) != VmdkRunKind.Data || next != place + within + n)
                break;
            n = Math.Min(n + grainBytes, buffer.Length);
        }

        if (place > store.Length - within - n)
            throw new InvalidImageException(ErrorIds.Truncated, store.Name, place, $"the grain for offset {offset} of the extent reaches past the end of the file at {store.Length}");
        store.Read(place + within, buffer.Slice(0, n));
        return n;
    }

    public long Grains => (Length + grainBytes - 1) / grainBytes;

    protected override void Dispose(bool disposing)
    {
        if (disposing)
            store.Dispose();
    }
}
