using OsMigrate.Bytes;

namespace OsMigrate.FileSystems.Ntfs.Writing;

/// <summary>The nodes of a folder's index while it is edited: which are read, changed, new and free.</summary>
internal sealed class FolderNodes
{
    private const string Name = FolderIndex.Name;

    private readonly VolumeEdit _edit;
    private readonly FileEdit _folder;
    private readonly Dictionary<long, IndexNode> _nodes = [];
    private readonly Dictionary<long, (ulong LogSequence, ushort Update)> _headers = [];
    private readonly HashSet<long> _changed = [];
    private readonly byte[] _rootHeader;
    private byte[]? _bitmap;

    public FolderNodes(VolumeEdit edit, FileEdit folder)
    {
        (_edit, _folder) = (edit, folder);
        var reader = Reader();
        BlockSize = reader.BlockSize;
        if (BlockSize < 2048)
            throw new OsMigrateException(ErrorIds.UnsupportedFeature, ErrorKind.NotSupported, $"'{edit.Layout.Name}' has a folder with index blocks of {BlockSize} bytes, which are not written.", edit.Layout.Name);
        _rootHeader = reader.RootAttribute.Value.AsSpan(0, IndexNode.RootHeader).ToArray();
        Root = reader.ReadRoot();
        VcnUnit = reader.VcnUnit;
    }

    public IndexNode Root { get; }

    /// <summary>Bytes for entries in a block.</summary>
    public int Capacity => IndexNode.Capacity(BlockSize);

    public bool RootIsTooLarge
        => _changed.Contains(IndexNode.Root)
           && IndexNode.RootHeader + IndexNode.NodeHeader + Root.EntriesSize > Math.Max(_folder.RoomForValue(AttributeType.IndexRoot, Name), IndexNode.RootHeader + IndexNode.NodeHeader + 24);

    private int BlockSize { get; }

    private int VcnUnit { get; }

    public IndexNode Read(long vcn)
    {
        if (_nodes.TryGetValue(vcn, out var node))
            return node;
        var reader = Reader();
        var block = reader.ReadBlock(vcn, out _);
        _headers[vcn] = (Le.U64(block, 8), Le.U16(block, Le.U16(block, 4)));
        return _nodes[vcn] = reader.ReadNode(vcn);
    }

    public void Changed(IndexNode node) => _changed.Add(node.Vcn);

    /// <summary>A new block with these entries.</summary>
    public IndexNode Add(List<IndexEntry> entries)
    {
        var bitmap = Bitmap();
        long number = 0;
        while (number < bitmap.Length * 8L && (bitmap[number / 8] & (1 << (int)(number % 8))) != 0)
            number++;
        if (number == bitmap.Length * 8L)
            Array.Resize(ref _bitmap, bitmap.Length + 8);
        _bitmap![number / 8] |= (byte)(1 << (int)(number % 8));
        var vcn = number * BlockSize / VcnUnit;
        var node = new IndexNode { Vcn = vcn, Entries = entries };
        var allocation = _folder.Find(AttributeType.IndexAllocation, Name);
        if (allocation is null || allocation.DataBytes < (number + 1) * BlockSize)
            ContentSpace.Grow(_edit, _folder, AttributeType.IndexAllocation, Name, (number + 1) * BlockSize);
        _nodes[vcn] = node;
        _headers[vcn] = (0, 1);
        Changed(node);
        return node;
    }

    public void Free(IndexNode node)
    {
        var number = node.Vcn * VcnUnit / BlockSize;
        Bitmap()[number / 8] &= (byte)~(1 << (int)(number % 8));
        _nodes.Remove(node.Vcn);
        _changed.Remove(node.Vcn);
    }

    /// <summary>All entries of the root move into a block; the root keeps only the way to it.</summary>
    public IndexNode PushRootDown()
    {
        var moved = Add([.. Root.Entries]);
        Root.Entries.Clear();
        Root.Entries.Add(IndexEntry.End(moved.Vcn));
        Changed(Root);
        return moved;
    }

    public void Save()
    {
        if (_changed.Count == 0)
            return;
        if (Root.IsLeaf)
            DropBlocks();
        else
            WriteBlocks();
        if (_changed.Contains(IndexNode.Root))
            _folder.SetResident(AttributeType.IndexRoot, Name, Root.ToRoot(_rootHeader));
        _changed.Clear();
    }

    public InvalidImageException Bad(string reason) => _edit.Layout.Bad(-1, reason);

    private void WriteBlocks()
    {
        if (_bitmap is not null)
            WriteBitmap();
        var a = _folder.Find(AttributeType.IndexAllocation, Name)!;
        if (a.InitializedBytes < a.DataBytes)
        {
            ContentSpace.Grow(_edit, _folder, AttributeType.IndexAllocation, Name, a.DataBytes);
            a = _folder.Find(AttributeType.IndexAllocation, Name)!;
        }

        var store = new RunStore(_edit.Layout.Store, _edit.Layout.Boot.ClusterSize, a.Runs, a.DataBytes, a.DataBytes, _edit.Layout.Name);
        foreach (var vcn in _changed.Where(static v => v != IndexNode.Root))
        {
            var (sequence, update) = _headers[vcn];
            store.Write(vcn * VcnUnit, _nodes[vcn].ToBlock(BlockSize, sequence, update));
        }
    }

    private void WriteBitmap()
    {
        var old = _folder.Find(AttributeType.Bitmap, Name);
        if (old is null || old.IsResident)
        {
            _folder.SetResident(AttributeType.Bitmap, Name, _bitmap);
            // A bitmap for more than 2000 blocks is better off in clusters than in the folder's record.
            if (_bitmap!.Length > 256)
                ContentSpace.MakeNonResident(_edit, _folder, AttributeType.Bitmap, Name);
            return;
        }

        // Other writers leave the end of it unwritten, which reads as zeros until it is said to be there.
        if (old.DataBytes < _bitmap!.Length || old.InitializedBytes < _bitmap.Length)
            ContentSpace.Grow(_edit, _folder, AttributeType.Bitmap, Name, _bitmap.Length);
        _folder.Find(AttributeType.Bitmap, Name)!.Open(_edit.Layout, _edit.Layout.Name).Write(0, _bitmap);
    }

    /// <summary>A folder whose names all fit its root has no blocks.</summary>
    private void DropBlocks()
    {
        foreach (var type in new[] { AttributeType.IndexAllocation, AttributeType.Bitmap })
        {
            if (_folder.Find(type, Name) is { IsResident: false } a)
                _edit.Clusters.Give(a.Runs.Runs);
            _folder.Remove(type, Name);
        }
    }

    private byte[] Bitmap()
    {
        if (_bitmap is not null)
            return _bitmap;
        var old = _folder.Find(AttributeType.Bitmap, Name);
        if (old is { DataBytes: > 1 << 24 })
            throw Bad($"the bitmap of a folder has {old.DataBytes} bytes");
        return _bitmap = old is null ? new byte[8] : old.Open(_edit.Layout, _edit.Layout.Name).ReadBytes(0, (int)old.DataBytes);
    }

    private IndexReader Reader() => new(_edit.Layout, _folder.Reference.Number, Name, _folder.Find);
}
