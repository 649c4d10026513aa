using System.Buffers.Binary;
using OsMigrate.Bytes;

namespace OsMigrate.FileSystems.Udf;

/// <summary>A file entry or extended file entry: what a file is, how long, and where. ECMA-167, 4/14.9 and 4/14.17.</summary>
internal sealed class UdfNode
{
    private const int MaxExtents = 1 << 20;
    private const int FolderType = 4;

    private readonly byte[] _descriptors;
    private readonly int _allocationKind;
    private readonly UdfAddress _address;
    private readonly string _volumeName;

    private UdfNode(byte[] descriptors, int allocationKind, UdfAddress address, string volumeName)
        => (_descriptors, _allocationKind, _address, _volumeName) = (descriptors, allocationKind, address, volumeName);

    /// <summary>4 folder, 5 file, 12 link, 250 metadata file. ECMA-167, 4/14.6.6; UDF 2.60, 2.2.13.</summary>
    public int Type { get; private init; }

    public bool IsFolder => Type == FolderType;

    public long SizeBytes { get; private init; }

    public DateTime? AccessedTime { get; private init; }

    public DateTime? ModifiedTime { get; private init; }

    public DateTime? CreatedTime { get; private init; }

    /// <param name="block">The whole block of the entry.</param>
    /// <exception cref="InvalidImageException">It is damaged or written by a strategy that is not read here.</exception>
    public static UdfNode Parse(ReadOnlySpan<byte> block, UdfAddress address, string name)
    {
        var tag = UdfTag.Require(block, name, -1, UdfTag.FileEntry, UdfTag.ExtendedFileEntry);
        var isExtended = tag.Id == UdfTag.ExtendedFileEntry;
        var fixedSize = isExtended ? 216 : 176;
        var strategy = BinaryPrimitives.ReadUInt16LittleEndian(block.Slice(20));
        if (strategy != 4)
            throw new InvalidImageException(ErrorIds.UnsupportedFeature, name, -1, $"the file entry in block {address.Block} of partition {address.Partition} has strategy {strategy}; only 4 is read");
        var size = BinaryPrimitives.ReadUInt64LittleEndian(block.Slice(56));
        long attributes = BinaryPrimitives.ReadUInt32LittleEndian(block.Slice(fixedSize - 8));
        long descriptors = BinaryPrimitives.ReadUInt32LittleEndian(block.Slice(fixedSize - 4));
        if (size > long.MaxValue || fixedSize + attributes + descriptors > block.Length)
            throw new InvalidImageException(ErrorIds.BadStructure, name, -1, $"the file entry in block {address.Block} of partition {address.Partition} is longer than its block");
        var kind = block[34] & 7;
        return new UdfNode(block.Slice(fixedSize + (int)attributes, (int)descriptors).ToArray(), kind, address, name)
        {
            Type = block[27],
            SizeBytes = (long)size,
            AccessedTime = UdfText.Time(block.Slice(isExtended ? 80 : 72, 12)),
            ModifiedTime = UdfText.Time(block.Slice(isExtended ? 92 : 84, 12)),
            CreatedTime = isExtended ? UdfText.Time(block.Slice(104, 12)) : null,
        };
    }

    /// <param name="partition">From a partition's number to its bytes.</param>
    public ByteStore Content(Func<int, ByteStore> partition, int blockSize, string name)
    {
        switch (_allocationKind)
        {
            case 3:
                if (SizeBytes > _descriptors.Length)
                    throw new InvalidImageException(ErrorIds.BadStructure, _volumeName, -1, $"'{name}' has {SizeBytes} bytes of which its entry holds {_descriptors.Length}");
                return new MemoryStore(_descriptors.AsSpan(0, (int)SizeBytes).ToArray(), name);
            case 0 or 1:
                var extents = Extents(partition, blockSize).ToList();
                return Gather(extents, partition, blockSize, name);
            default:
                throw new InvalidImageException(ErrorIds.UnsupportedFeature, _volumeName, -1, $"'{name}' has allocation descriptors of kind {_allocationKind}, which are not read");
        }
    }

    private PiecesStore Gather(List<UdfExtent> extents, Func<int, ByteStore> partition, int blockSize, string name)
    {
        // All extents of a file lie in one partition; a second one would need a second store.
        var number = extents.Where(static e => e.Kind == UdfExtentKind.Recorded).Select(static e => e.Address.Partition).DefaultIfEmpty(_address.Partition).First();
        if (extents.Any(e => e.Kind == UdfExtentKind.Recorded && e.Address.Partition != number))
            throw new InvalidImageException(ErrorIds.UnsupportedFeature, _volumeName, -1, $"'{name}' lies in several partitions, which is not read");
        if (extents.Sum(static e => e.Bytes) < SizeBytes)
            throw new InvalidImageException(ErrorIds.BadStructure, _volumeName, -1, $"'{name}' has {SizeBytes} bytes, but its extents are shorter");
        var pieces = extents.Select(e => new ContentPiece(e.Kind == UdfExtentKind.Recorded ? (long)e.Address.Block * blockSize : -1, e.Bytes));
        return new PiecesStore(partition(number), pieces, SizeBytes, name);
    }

    /// <summary>The descriptors up to the first of length 0; they may go on in another extent. ECMA-167, 4/12.</summary>
    private IEnumerable<UdfExtent> Extents(Func<int, ByteStore> partition, int blockSize)
    {
        var width = _allocationKind == 0 ? UdfExtent.ShortSize : UdfExtent.LongSize;
        var area = _descriptors;
        var visited = new HashSet<long>();
        for (var count = 0; count < MaxExtents;)
        {
            byte[]? next = null;
            for (var at = 0; at + width <= area.Length && next is null; at += width, count++)
            {
                var extent = width == UdfExtent.ShortSize
                    ? UdfExtent.ParseShort(area.AsSpan(at), _address.Partition)
                    : UdfExtent.ParseLong(area.AsSpan(at));
                if (extent.Bytes == 0)
                    yield break;
                if (extent.Kind != UdfExtentKind.Continuation)
                    yield return extent;
                else if (visited.Add(extent.Address.Key))
                    next = Continuation(partition(extent.Address.Partition), extent, blockSize);
                else
                    throw new InvalidImageException(ErrorIds.BadStructure, _volumeName, -1, $"the allocation descriptors in block {extent.Address.Block} lead back to themselves");
            }

            if (next is null)
                yield break;
            area = next;
        }
    }

    /// <summary>An allocation extent descriptor. ECMA-167, 4/14.5.</summary>
    private byte[] Continuation(ByteStore partition, UdfExtent extent, int blockSize)
    {
        const int HeaderSize = 24;
        var bytes = partition.ReadBytes((long)extent.Address.Block * blockSize, (int)Math.Min(Math.Max(extent.Bytes, HeaderSize), blockSize));
        UdfTag.Require(bytes, _volumeName, -1, UdfTag.AllocationExtent);
        var length = BinaryPrimitives.ReadUInt32LittleEndian(bytes.AsSpan(20));
        return bytes.AsSpan(HeaderSize, (int)Math.Min(length, bytes.Length - HeaderSize)).ToArray();
    }
}
