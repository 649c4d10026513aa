using OsMigrate.Bytes;

namespace OsMigrate.Disks.Vmdk;

/// <summary>The two levels that lead from a grain's number to its place: a directory, held in memory, and tables, read when needed.</summary>
/// <remarks>Only so many tables are held: the tables of an 8 TiB disk in 4 KiB grains would be 16 GiB.</remarks>
internal abstract class GrainTables
{
    private const int MaxHeldBytes = 16 << 20;

    // A directory of this size spans 512 TiB of the usual hosted sparse disk.
    public const long MaxDirectoryBytes = 64L << 20;

    private readonly object _gate = new();
    private readonly Dictionary<long, byte[]> _held = [];
    private readonly Queue<long> _order = new();
    private readonly int _tableBytes;
    private readonly long _grainCount;
    private readonly byte[] _directory;

    /// <param name="directoryOffset">Byte offset of the directory in the file.</param>
    protected GrainTables(ByteStore store, long directoryOffset, int tableEntries, int entryBytes, long grainCount)
    {
        (Store, TableEntries, EntryBytes, _grainCount) = (store, tableEntries, entryBytes, grainCount);
        _tableBytes = tableEntries * entryBytes;
        TableCount = (grainCount + tableEntries - 1) / tableEntries;
        var bytes = TableCount * entryBytes;
        if (bytes > MaxDirectoryBytes)
            throw new InvalidImageException(ErrorIds.TooLarge, store.Name, directoryOffset, $"the grain directory would have {TableCount} entries, too many to be true");
        if (directoryOffset < 0 || directoryOffset > store.Length - bytes)
            throw new InvalidImageException(ErrorIds.Truncated, store.Name, directoryOffset, $"the grain directory of {bytes} bytes reaches past the end of the file at {store.Length}");
        _directory = store.ReadBytes(directoryOffset, (int)bytes);
    }

    public int TableEntries { get; }

    public int TableBytes => _tableBytes;

    public long TableCount { get; }

    protected ByteStore Store { get; }

    protected int EntryBytes { get; }

    /// <summary>What a grain is, and the byte offset of its data in the file.</summary>
    public VmdkRunKind Find(long grain, out long offset)
    {
        offset = 0;
        var tableNumber = grain / TableEntries;
        var tableOffset = TableOffset(tableNumber);
        return tableOffset == 0 ? VmdkRunKind.Absent : Entry(Table(tableNumber, tableOffset), (int)(grain % TableEntries), out offset);
    }

    /// <summary>How many grains from here on are certainly absent because their tables are; 0 when this grain has a table.</summary>
    public long AbsentRun(long grain)
    {
        var number = grain / TableEntries;
        var end = number;
        while (end < TableCount && TableOffset(end) == 0)
            end++;
        return end == number ? 0 : Math.Min(end * TableEntries, _grainCount) - grain;
    }

    /// <summary>Byte offset of a table in the file, 0 for a table that does not exist.</summary>
    public abstract long TableOffset(long tableNumber);

    /// <summary>A table's bytes; empty when the table does not exist.</summary>
    public byte[] ReadTable(long tableNumber) => TableOffset(tableNumber) is not 0 and var offset ? Table(tableNumber, offset) : [];

    protected abstract VmdkRunKind Entry(ReadOnlySpan<byte> table, int index, out long offset);

    protected ReadOnlySpan<byte> DirectoryEntry(long number) => _directory.AsSpan((int)(number * EntryBytes), EntryBytes);

    private byte[] Table(long number, long offset)
    {
        lock (_gate)
        {
            if (_held.TryGetValue(number, out var held))
                return held;
        }

        if (offset > Store.Length - _tableBytes)
            throw new InvalidImageException(ErrorIds.Truncated, Store.Name, offset, $"grain table {number} reaches past the end of the file at {Store.Length}");
        var table = Store.ReadBytes(offset, _tableBytes);
        lock (_gate)
        {
            if (_held.TryGetValue(number, out var other))
                return other;
            while (_held.Count > 0 && (long)_held.Count * _tableBytes >= MaxHeldBytes)
                _held.Remove(_order.Dequeue());
            _held[number] = table;
            _order.Enqueue(number);
        }

        return table;
    }
}
