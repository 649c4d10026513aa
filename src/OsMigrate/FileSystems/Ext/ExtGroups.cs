using System.Buffers.Binary;
using OsMigrate.Bytes;

namespace OsMigrate.FileSystems.Ext;

/// <summary>All groups of a volume, and where their structures lie: superblocks, descriptors, bitmaps, inodes.</summary>
/// <remarks>Source: kernel.org, ext4 "Layout", "Block Group Descriptors", "Meta Block Groups", "Flexible Block Groups". Counted in blocks.</remarks>
internal sealed class ExtGroups
{
    // 128 TiB with blocks of 4 KiB; their descriptors are kept.
    private const long MaxGroups = 1 << 20;
    private const uint Clusters = 0x200;
    private const uint FlexibleGroups = 0x200;
    private const int ReservedPlace = 206;

    private readonly ExtVolume _volume;
    private readonly ExtSuperblock _super;
    private readonly int _perBlock;
    private readonly List<(long Start, long Count)> _structures = [];

    /// <exception cref="InvalidImageException">The numbers of the superblock do not fit together.</exception>
    public ExtGroups(ExtVolume volume)
    {
        (_volume, _super) = (volume, volume.Super);
        _perBlock = _super.BlockSize / _super.DescriptorSize;
        var groups = (_super.BlockCount - _super.FirstBlock + _super.BlocksPerGroup - 1) / _super.BlocksPerGroup;
        var isWide = (_super.Features.Incompatible & 0x80) != 0;
        var perGroup = _super.BlocksPerGroup / _super.BlocksPerCluster;
        if (_super.BlocksPerGroup % (8 * _super.BlocksPerCluster) != 0 || perGroup > 8L * _super.BlockSize
            || ((_super.Features.ReadOnly & Clusters) != 0 && BinaryPrimitives.ReadUInt32LittleEndian(_super.Bytes.AsSpan(36)) != perGroup)
            || _super.FirstBlock != ((_super.Features.ReadOnly & Clusters) == 0 ? _super.OwnBlock : 0)
            || (isWide && BinaryPrimitives.ReadUInt16LittleEndian(_super.Bytes.AsSpan(254)) != _super.DescriptorSize)
            || (_super.DescriptorSize & (_super.DescriptorSize - 1)) != 0
            || groups > MaxGroups || groups * _super.InodesPerGroup != _super.InodeCount
            || Reserved > _super.BlockSize / 4 || (_super.HasMetaGroups && (Reserved != 0 || _super.FirstMetaGroup > Blocks(groups, _perBlock))))
            throw new InvalidImageException(ErrorIds.BadStructure, volume.Store.Name, ExtSuperblock.Place, "the groups that the superblock of the ext file system describes do not fit together");
        if (_super.BlockCount > volume.Store.Length / _super.BlockSize)
            throw new InvalidImageException(ErrorIds.Truncated, volume.Store.Name, volume.Store.Length, $"the ext file system has {_super.BlockCount} blocks of {_super.BlockSize} bytes, and they end before");
        Count = (uint)groups;
        ClustersPerGroup = (int)perGroup;
    }

    public uint Count { get; }

    public int ClustersPerGroup { get; }

    /// <summary>Runs of blocks, ascending and apart, once <see cref="Read"/> has been through.</summary>
    public IReadOnlyList<(long Start, long Count)> Structures => _structures;

    private int Reserved => BinaryPrimitives.ReadUInt16LittleEndian(_super.Bytes.AsSpan(ReservedPlace));

    /// <summary>The descriptors, one behind the other, as they lie in the volume, checked.</summary>
    /// <exception cref="InvalidImageException">A checksum is wrong, a structure lies outside of the volume or its group, or two share a block.</exception>
    public byte[][] Read(ExtChecksum checksum, CancellationToken cancel)
    {
        var descriptors = new byte[Count][];
        for (uint group = 0; group < Count; group++)
        {
            cancel.ThrowIfCancellationRequested();
            var place = _super.DescriptorPlace(group);
            var bytes = descriptors[group] = _volume.Store.ReadBytes(place, _super.DescriptorSize);
            checksum.CheckDescriptor(bytes, group, place);
            AddFixed(group);
            Add(group, Number(bytes, 0, 32), 1);
            Add(group, Number(bytes, 4, 36), 1);
            Add(group, Number(bytes, 8, 40), Blocks((long)_super.InodesPerGroup * _super.InodeSize, _super.BlockSize));
        }

        _structures.Sort();
        for (var i = 1; i < _structures.Count; i++)
        {
            if (_structures[i - 1].Start + _structures[i - 1].Count > _structures[i].Start)
                throw new InvalidImageException(ErrorIds.Overlap, _volume.Store.Name, _structures[i].Start * _super.BlockSize, $"block {_structures[i].Start} belongs to two structures of the ext file system");
        }

        return descriptors;
    }

    /// <summary>A block number of a descriptor, in two halves.</summary>
    public long Number(byte[] descriptor, int low, int high)
        => BinaryPrimitives.ReadUInt32LittleEndian(descriptor.AsSpan(low)) | (descriptor.Length >= 64 ? (long)BinaryPrimitives.ReadUInt32LittleEndian(descriptor.AsSpan(high)) << 32 : 0);

    /// <summary>What a group has by its number alone: the superblock, and the descriptors of all groups or of those around it.</summary>
    private void AddFixed(uint group)
    {
        var start = _super.GroupStart(group);
        var has = _super.HasSuperblock(group);
        if (has)
            AddClipped(group == 0 ? _super.FirstBlock : start, group == 0 ? start - _super.FirstBlock + 1 : 1);
        if (!_super.HasMetaGroups || group / _perBlock < _super.FirstMetaGroup)
        {
            if (has)
                AddClipped(start + 1, _super.HasMetaGroups ? _super.FirstMetaGroup : Blocks(Count, _perBlock) + Reserved);
        }
        else if (group % _perBlock is var place && (place is 0 or 1 || place == _perBlock - 1))
        {
            AddClipped(start + (has ? 1 : 0), 1);
        }
    }

    private void AddClipped(long start, long count)
    {
        count = Math.Min(count, _super.BlockCount - start);
        if (count > 0)
            _structures.Add((start, count));
    }

    private void Add(uint group, long start, long count)
    {
        // Without flexible groups each keeps its own structures.
        var isFlexible = (_super.Features.Incompatible & FlexibleGroups) != 0;
        var first = isFlexible ? _super.FirstBlock : (group * (long)_super.BlocksPerGroup) + _super.FirstBlock;
        var end = isFlexible ? _super.BlockCount : Math.Min(_super.BlockCount, first + _super.BlocksPerGroup);
        if (start < first || start > end - count)
            throw new InvalidImageException(ErrorIds.BadStructure, _volume.Store.Name, _super.DescriptorPlace(group), $"group {group} has {count} blocks of structures at block {start}, and they belong between {first} and {end}");
        _structures.Add((start, count));
    }

    private static long Blocks(long count, long perBlock) => (count + perBlock - 1) / perBlock;
}
