using System.Buffers.Binary;
using OsMigrate.Bytes;

namespace OsMigrate.FileSystems.Xfs;

/// <summary>Reads both trees of free space of every allocation group, and believes them only where they agree with each other and with the counts.</summary>
/// <remarks>Source: "XFS Algorithms &amp; Data Structures", chapters "Superblocks", "Allocation Groups".</remarks>
internal sealed class XfsFreeSpace(XfsVolume volume)
{
    private const int SuperSum = 224;
    private const uint LazyCounts = 0x2;

    private readonly XfsSuperblock _super = volume.Super;
    private readonly BlockRuns _free = new(volume.Store.Name);

    /// <summary>All free runs of the volume. Complete, or there is an error: no part of it may be used before.</summary>
    /// <exception cref="InvalidImageException">Something is damaged, or two places tell it differently.</exception>
    public BlockRuns Find(CancellationToken cancel)
    {
        var sector = SectorSize();
        if (_super.BlockCount > volume.Store.Length / _super.BlockSize)
            throw new InvalidImageException(ErrorIds.Truncated, volume.Store.Name, volume.Store.Length, $"the XFS file system has {_super.BlockCount} blocks of {_super.BlockSize} bytes, and they end before");
        if ((long)_super.GroupBlocks * (_super.GroupCount - 1) >= _super.BlockCount)
            throw new InvalidImageException(ErrorIds.BadStructure, volume.Store.Name, 84, $"{_super.GroupCount} groups of {_super.GroupBlocks} blocks are too many for {_super.BlockCount}");
        if (_super.IsVersion5)
            XfsChecksum.Check(volume, volume.Store.ReadBytes(0, sector), SuperSum, -1, 0);
        long sum = 0;
        for (uint number = 0; number < _super.GroupCount; number++)
            sum += Group(new XfsGroup(volume, number, sector), cancel);
        // Without lazy counts the superblock may leave out the trees.
        var isLazy = (BinaryPrimitives.ReadUInt32BigEndian(_super.Bytes.AsSpan(200)) & LazyCounts) != 0;
        var noted = BinaryPrimitives.ReadUInt64BigEndian(_super.Bytes.AsSpan(144));
        return !isLazy || (ulong)sum == noted
            ? _free
            : throw new InvalidImageException(ErrorIds.BadStructure, volume.Store.Name, 144, $"the allocation groups have {sum} free blocks, the superblock {noted}");
    }

    private int SectorSize()
    {
        int size = BinaryPrimitives.ReadUInt16BigEndian(_super.Bytes.AsSpan(102));
        return size is >= 512 and <= 32768 && (size & (size - 1)) == 0 && size <= _super.BlockSize
            ? size
            : throw new InvalidImageException(ErrorIds.BadStructure, volume.Store.Name, 102, $"sectors of {size} bytes");
    }

    /// <returns>Free blocks as the superblock counts them.</returns>
    private long Group(XfsGroup group, CancellationToken cancel)
    {
        var (byPlace, byLength) = (new XfsFreeTree(volume, group, byLength: false), new XfsFreeTree(volume, group, byLength: true));
        byPlace.Read(cancel);
        byLength.Read(cancel);
        long sum = 0;
        uint longest = 0;
        foreach (var record in byPlace.Records)
        {
            sum += record.Count;
            longest = Math.Max(longest, record.Count);
        }

        if (sum != group.FreeBlocks || longest != group.LongestRun)
            throw Damaged(group, $"its tree has {sum} free blocks, {longest} at once; noted are {group.FreeBlocks} and {group.LongestRun}");
        byLength.Records.Sort();
        if (!byPlace.Records.SequenceEqual(byLength.Records))
            throw Damaged(group, "its two trees of free space differ");
        CheckUsed(group, byPlace, byLength);
        foreach (var record in byPlace.Records)
            _free.Add(((long)group.Number * _super.GroupBlocks) + record.Start, record.Count);
        return sum + group.CountedAsFree;
    }

    private void CheckUsed(XfsGroup group, XfsFreeTree byPlace, XfsFreeTree byLength)
    {
        var used = group.Used;
        used.AddRange(byPlace.Blocks.Concat(byLength.Blocks).Select(b => (b, 1u)));
        var log = (BinaryPrimitives.ReadUInt64BigEndian(_super.Bytes.AsSpan(48)), BinaryPrimitives.ReadUInt32BigEndian(_super.Bytes.AsSpan(96)));
        var first = (_super.PlaceOfBlock(log.Item1) - group.Place) / _super.BlockSize;
        if (first >= 0 && first < group.Length)
            used.Add(((uint)first, (uint)Math.Min(log.Item2, group.Length - first)));
        used.Sort();
        var i = 0;
        long end = 0;
        foreach (var (start, count) in used)
        {
            if (start < end)
                throw Damaged(group, $"block {start} is used for two things");
            end = (long)start + count;
            while (i < byPlace.Records.Count && (long)byPlace.Records[i].Start + byPlace.Records[i].Count <= start)
                i++;
            if (i < byPlace.Records.Count && byPlace.Records[i].Start < end)
                throw Damaged(group, $"block {byPlace.Records[i].Start} is called free, and it is in use");
        }
    }

    private InvalidImageException Damaged(XfsGroup group, string reason)
        => new(ErrorIds.Overlap, volume.Store.Name, group.Place, $"allocation group {group.Number}: {reason}");
}
