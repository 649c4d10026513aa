using OsMigrate.Bytes;

namespace OsMigrate.FileSystems.Ntfs;

/// <summary>Reads the nodes of one index: a folder's $I30, or a view such as $SII.</summary>
internal sealed class IndexReader
{
    /// <summary>No index is deeper; a limit for damaged ones.</summary>
    public const int MaxDepth = 16;

    private readonly NtfsLayout _layout;
    private readonly NtfsAttribute? _allocation;
    private readonly ByteStore? _blocks;

    public IndexReader(FileRecord file, string name)
        : this(file.Layout, file.Reference.Number, name, file.Find)
    {
    }

    /// <param name="number">The record of the file, for messages.</param>
    /// <param name="find">Finds an attribute of the file by type and name.</param>
    public IndexReader(NtfsLayout layout, long number, string name, Func<AttributeType, string, NtfsAttribute?> find)
    {
        (_layout, Name) = (layout, name);
        RootAttribute = find(AttributeType.IndexRoot, name) is { IsResident: true } root ? root
            : throw _layout.Bad(-1, $"record {number} has no index '{name}'");
        if (RootAttribute.Value.Length < IndexNode.RootHeader)
            throw _layout.Bad(-1, $"the index '{name}' of record {number} is cut off");
        var blockSize = Le.U32(RootAttribute.Value, 8);
        if (blockSize is < 512 or > 65536 || (blockSize & (blockSize - 1)) != 0)
            throw _layout.Bad(-1, $"the index '{name}' of record {number} has blocks of {blockSize} bytes");
        BlockSize = (int)blockSize;
        _allocation = find(AttributeType.IndexAllocation, name);
        if (_allocation is { IsResident: false })
            _blocks = new RunStore(_layout.Store, _layout.Boot.ClusterSize, _allocation.Runs, _allocation.DataBytes, _allocation.InitializedBytes, _layout.Name);
    }

    public string Name { get; }

    public NtfsAttribute RootAttribute { get; }

    /// <summary>Bytes of a block.</summary>
    public int BlockSize { get; }

    /// <summary>Bytes that one step of a child number means: a cluster, or 512 where a block is smaller than a cluster.</summary>
    public int VcnUnit => _layout.Boot.ClusterSize <= BlockSize ? _layout.Boot.ClusterSize : FixUps.Stride;

    /// <summary>Blocks that the allocation has room for.</summary>
    public long BlockCount => (_blocks?.Length ?? 0) / BlockSize;

    public bool IsFolder => Name == "$I30";

    public IndexNode ReadRoot()
    {
        var entries = new List<IndexEntry>();
        var reason = IndexNode.TryParse(RootAttribute.Value.AsSpan(IndexNode.RootHeader), IsFolder, entries);
        return reason is null ? new IndexNode { Vcn = IndexNode.Root, Entries = entries } : throw _layout.Bad(-1, reason);
    }

    public IndexNode ReadNode(long vcn)
    {
        var bytes = ReadBlock(vcn, out var place);
        if (Le.I64(bytes, 16) != vcn)
            throw _layout.Bad(place, $"the index block {vcn} says that it is block {Le.I64(bytes, 16)}");
        var entries = new List<IndexEntry>();
        var reason = IndexNode.TryParse(bytes.AsSpan(IndexNode.BlockHeader), IsFolder, entries);
        return reason is null ? new IndexNode { Vcn = vcn, Entries = entries } : throw _layout.Bad(place, reason);
    }

    /// <summary>A block without its fix-ups.</summary>
    public byte[] ReadBlock(long vcn, out long place)
    {
        if (_blocks is null || vcn < 0 || vcn > (_blocks.Length - BlockSize) / VcnUnit)
            throw _layout.Bad(-1, $"the index '{Name}' names block {vcn}, which it does not have");
        var bytes = _blocks.ReadBytes(vcn * VcnUnit, BlockSize);
        place = ((RunStore)_blocks).PlaceOf(vcn * VcnUnit);
        FixUps.Remove(bytes, IndexNode.Magic, _layout.Name, place);
        return bytes;
    }

    /// <summary>All entries with a key, in order.</summary>
    public IEnumerable<IndexEntry> All()
    {
        var seen = new HashSet<long>();
        var path = new Stack<(IndexNode Node, int Next)>();
        path.Push((ReadRoot(), 0));
        var descend = true;
        while (path.Count > 0)
        {
            var (node, next) = path.Pop();
            var entry = node.Entries[next];
            if (descend && entry.Child != IndexEntry.NoChild)
            {
                if (!seen.Add(entry.Child) || path.Count >= MaxDepth)
                    throw _layout.Bad(-1, $"the index '{Name}' leads twice to block {entry.Child}, or too deep");
                path.Push((node, next));
                path.Push((ReadNode(entry.Child), 0));
                continue;
            }

            descend = !entry.IsLast;
            if (entry.IsLast)
                continue;
            path.Push((node, next + 1));
            yield return entry;
        }
    }
}
