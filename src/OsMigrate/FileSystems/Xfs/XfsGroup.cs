using System.Buffers.Binary;
using OsMigrate.Bytes;

namespace OsMigrate.FileSystems.Xfs;

/// <summary>The heads of an allocation group: what is free in it, and the blocks kept in hand for its trees. Blocks are counted from the start of the group.</summary>
/// <remarks>Source: "XFS Algorithms &amp; Data Structures", chapter "Allocation Groups": "AG Free Space Management", "AG Free List", "AG Inode Management". Big endian, but for checksums.</remarks>
internal sealed class XfsGroup
{
    private const int FreeSum = 216;
    private const int ListSum = 32;
    private const int InodesSum = 312;
    private const int ListHeader = 36;

    private readonly XfsVolume _volume;
    private readonly byte[] _free;
    private readonly int _sector;

    /// <exception cref="InvalidImageException">A head is damaged, or of another group or volume.</exception>
    public XfsGroup(XfsVolume volume, uint number, int sectorSize)
    {
        (_volume, Number, _sector) = (volume, number, sectorSize);
        Place = (long)number * volume.Super.GroupBlocks * volume.Super.BlockSize;
        Length = (uint)Math.Min(volume.Super.GroupBlocks, volume.Super.BlockCount - ((long)number * volume.Super.GroupBlocks));
        _free = Head(1, 0x58414746, FreeSum, 64);
        if (Word(_free, 4) != 1 || Word(_free, 8) != number || Word(_free, 12) != Length)
            throw Damaged(1, $"it has the version {Word(_free, 4)}, number {Word(_free, 8)} and {Word(_free, 12)} blocks");
        // Superblock, this head, that of the inodes, and the list in hand.
        Used.Add((0, (uint)(((4 * sectorSize) + volume.Super.BlockSize - 1) / volume.Super.BlockSize)));
        AddList();
        AddRoots();
    }

    public uint Number { get; }

    /// <summary>Byte offset in the volume.</summary>
    public long Place { get; }

    /// <summary>Blocks; the last group may have fewer.</summary>
    public uint Length { get; }

    public uint FreeBlocks => Word(_free, 52);

    public uint LongestRun => Word(_free, 56);

    /// <summary>Blocks that the superblock counts as free, although they are not: the list in hand, and the trees of free space without their roots.</summary>
    public long CountedAsFree => (long)Word(_free, 48) + Word(_free, 60);

    /// <summary>Runs of blocks that are known to be in use, in no order.</summary>
    public List<(uint Start, uint Count)> Used { get; } = [];

    /// <summary>Root and height of the tree of free space by place, or by length.</summary>
    public (uint Root, uint Levels) Tree(bool byLength) => byLength ? (Word(_free, 20), Word(_free, 32)) : (Word(_free, 16), Word(_free, 28));

    private void AddList()
    {
        var isNew = _volume.Super.IsVersion5;
        var list = isNew ? Head(3, 0x5841464C, ListSum, 8) : _volume.Store.ReadBytes(Place + (3 * _sector), _sector);
        if (isNew && Word(list, 4) != Number)
            throw Damaged(3, $"it is of group {Word(list, 4)}");
        var header = isNew ? ListHeader : 0;
        var size = (uint)(_sector - header) / 4;
        uint first = Word(_free, 40), last = Word(_free, 44), count = Word(_free, 48);
        if (first >= size || last >= size || count > size || (count != 0 && (last + size - first) % size + 1 != count))
            throw Damaged(1, $"the list of blocks in hand has {count} from {first} to {last} of {size}");
        for (uint i = 0; i < count; i++)
            AddBlock(3, Word(list, header + (int)((first + i) % size * 4)));
    }

    private void AddRoots()
    {
        var readOnly = _volume.Super.IsVersion5 ? Word(_volume.Super.Bytes, 212) : 0;
        var inodes = Head(2, 0x58414749, InodesSum, 296);
        if (Word(inodes, 4) != 1 || Word(inodes, 8) != Number || Word(inodes, 12) != Length)
            throw Damaged(2, $"it has the version {Word(inodes, 4)}, number {Word(inodes, 8)} and {Word(inodes, 12)} blocks");
        AddBlock(2, Word(inodes, 20));
        if ((readOnly & 1) != 0)
            AddBlock(2, Word(inodes, 328));
        if ((readOnly & 2) != 0)
            AddBlock(1, Word(_free, 24));
        if ((readOnly & 4) != 0)
            AddBlock(1, Word(_free, 88));
    }

    private void AddBlock(int sector, uint block)
    {
        if (block == 0 || block >= Length)
            throw Damaged(sector, $"block {block} of {Length} is named");
        Used.Add((block, 1));
    }

    private byte[] Head(int sector, uint mark, int sum, int uuid)
    {
        var bytes = _volume.Store.ReadBytes(Place + (sector * (long)_sector), _sector);
        if (Word(bytes, 0) != mark)
            throw Damaged(sector, "its mark is missing");
        if (_volume.Super.IsVersion5)
            XfsChecksum.Check(_volume, bytes, sum, uuid, Place + (sector * (long)_sector));
        return bytes;
    }

    private InvalidImageException Damaged(int sector, string reason)
        => new(ErrorIds.BadStructure, _volume.Store.Name, Place + (sector * (long)_sector), $"sector {sector} of allocation group {Number}: {reason}");

    private static uint Word(byte[] bytes, int at) => BinaryPrimitives.ReadUInt32BigEndian(bytes.AsSpan(at));
}
