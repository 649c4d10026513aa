using System.Buffers.Binary;
using OsMigrate.Bytes;

namespace OsMigrate.FileSystems.Ext;

/// <summary>Reads the bitmaps of all groups, and believes them only where counts and structures agree with them.</summary>
/// <remarks>Source: kernel.org, ext4 "Block and inode Bitmaps", "Lazy Block Group Initialization", "Bigalloc". A bit is a cluster: one block, or several with bigalloc.</remarks>
internal sealed class ExtFreeSpace(ExtVolume volume)
{
    private const ushort NeverWritten = 2;

    private readonly ExtSuperblock _super = volume.Super;
    private readonly BlockRuns _free = new(volume.Store.Name);
    private int _structure;

    /// <summary>All free runs of the volume. Complete, or there is an error: no part of it may be used before.</summary>
    /// <exception cref="InvalidImageException">A bitmap is damaged, calls a structure free, or has another number of free blocks than is noted.</exception>
    public BlockRuns Find(CancellationToken cancel)
    {
        var checksum = new ExtChecksum(_super, volume.Store.Name);
        var groups = new ExtGroups(volume);
        var descriptors = groups.Read(checksum, cancel);
        long sum = 0;
        for (uint group = 0; group < groups.Count; group++)
        {
            cancel.ThrowIfCancellationRequested();
            var descriptor = descriptors[group];
            var place = groups.Number(descriptor, 0, 32) * _super.BlockSize;
            var isWritten = !checksum.CoversDescriptors || (BinaryPrimitives.ReadUInt16LittleEndian(descriptor.AsSpan(18)) & NeverWritten) == 0;
            var bits = isWritten ? volume.Store.ReadBytes(place, groups.ClustersPerGroup / 8) : new byte[groups.ClustersPerGroup / 8];
            if (isWritten)
                checksum.CheckBitmap(bits, descriptor, group, place);
            var start = (group * (long)_super.BlocksPerGroup) + _super.FirstBlock;
            var end = Math.Min(start + _super.BlocksPerGroup, _super.BlockCount);
            CheckStructures(groups.Structures, bits, start, end, isWritten ? place : -1);
            var free = AddRuns(bits, start, end);
            var noted = BinaryPrimitives.ReadUInt16LittleEndian(descriptor.AsSpan(12)) | (descriptor.Length >= 64 ? BinaryPrimitives.ReadUInt16LittleEndian(descriptor.AsSpan(44)) << 16 : 0);
            if (free != noted)
                throw new InvalidImageException(ErrorIds.BadStructure, volume.Store.Name, place, $"the bitmap of group {group} has {free} free clusters, its descriptor {noted}");
            sum += free;
        }

        var total = BinaryPrimitives.ReadUInt32LittleEndian(_super.Bytes.AsSpan(12)) | ((_super.Features.Incompatible & 0x80) != 0 ? (long)BinaryPrimitives.ReadUInt32LittleEndian(_super.Bytes.AsSpan(344)) << 32 : 0);
        return sum * _super.BlocksPerCluster == total
            ? _free
            : throw new InvalidImageException(ErrorIds.BadStructure, volume.Store.Name, ExtSuperblock.Place, $"the groups have {sum * _super.BlocksPerCluster} free blocks, the superblock {total}");
    }

    /// <summary>A bitmap that was never written gets the bits of the structures in its group, those of other groups too; any other must have them.</summary>
    /// <param name="place">Where the bitmap lies, in bytes; negative when it was never written.</param>
    private void CheckStructures(IReadOnlyList<(long Start, long Count)> structures, byte[] bits, long start, long end, long place)
    {
        while (_structure < structures.Count && structures[_structure].Start + structures[_structure].Count <= start)
            _structure++;
        for (var i = _structure; i < structures.Count && structures[i].Start < end; i++)
        {
            var first = (Math.Max(structures[i].Start, start) - start) / _super.BlocksPerCluster;
            var last = (Math.Min(structures[i].Start + structures[i].Count, end) - 1 - start) / _super.BlocksPerCluster;
            for (var bit = first; bit <= last; bit++)
            {
                if (place >= 0 && (bits[bit / 8] & (1 << (int)(bit % 8))) == 0)
                    throw new InvalidImageException(ErrorIds.Overlap, volume.Store.Name, place, $"the bitmap calls block {start + (bit * _super.BlocksPerCluster)} free, where a structure of the ext file system lies");
                bits[bit / 8] |= (byte)(1 << (int)(bit % 8));
            }
        }
    }

    /// <returns>Free clusters. The last may be cut off by the end of the volume.</returns>
    private long AddRuns(byte[] bits, long start, long end)
    {
        var ratio = _super.BlocksPerCluster;
        var count = (end - start + ratio - 1) / ratio;
        long free = 0, from = -1;
        for (long bit = 0; bit <= count; bit++)
        {
            var whole = bit % 8 == 0 && bit + 8 <= count ? bits[bit / 8] : -1;
            var isFree = bit < count && (bits[bit / 8] & (1 << (int)(bit % 8))) == 0;
            if (isFree && from < 0)
                from = bit;
            if (!isFree && from >= 0)
            {
                _free.Add(start + (from * ratio), Math.Min(bit * ratio, end - start) - (from * ratio));
                free += bit - from;
                from = -1;
            }

            // Eight of a kind at once.
            if (whole is 0 or 0xFF)
                bit += 7;
        }

        return free;
    }
}
