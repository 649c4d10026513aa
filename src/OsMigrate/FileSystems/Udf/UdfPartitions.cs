using System.Buffers.Binary;
using System.Text;
using OsMigrate.Bytes;

namespace OsMigrate.FileSystems.Udf;

/// <summary>The partition maps of a logical volume: from a partition's number to its bytes. ECMA-167, 3/10.7; UDF 2.60, 2.2.8 to 2.2.10.</summary>
internal sealed class UdfPartitions
{
    private const int Type1Size = 6;
    private const int Type2Size = 64;
    private const int MaxMaps = 64;

    private readonly List<ByteStore> _partitions = [];
    private readonly ByteStore _store;

    /// <param name="logicalVolume">The logical volume descriptor.</param>
    /// <param name="descriptors">Partition descriptors by partition number: start and length in blocks.</param>
    /// <exception cref="InvalidImageException">A map is damaged or of a kind that is not read here.</exception>
    public UdfPartitions(ByteStore store, ReadOnlySpan<byte> logicalVolume, long offset, IReadOnlyDictionary<int, (long Start, long Blocks)> descriptors)
    {
        _store = store;
        BlockSize = (int)BinaryPrimitives.ReadUInt32LittleEndian(logicalVolume.Slice(212));
        if (BlockSize is not (512 or 1024 or 2048 or 4096))
            throw new InvalidImageException(ErrorIds.BadStructure, store.Name, offset + 212, $"a logical block of {BlockSize} bytes is not read; 512 to 4096 are");
        var bytes = (int)Math.Min(BinaryPrimitives.ReadUInt32LittleEndian(logicalVolume.Slice(264)), logicalVolume.Length - 440);
        var count = (int)Math.Min(BinaryPrimitives.ReadUInt32LittleEndian(logicalVolume.Slice(268)), MaxMaps);
        var maps = logicalVolume.Slice(440, Math.Max(0, bytes));
        for (; count > 0 && maps.Length >= 2; count--)
        {
            int size = maps[1];
            if (size < 2 || size > maps.Length)
                break;
            _partitions.Add(Open(maps.Slice(0, size), offset, descriptors));
            maps = maps.Slice(size);
        }
    }

    public int BlockSize { get; }

    /// <exception cref="InvalidImageException">No map has that number.</exception>
    public ByteStore this[int number] => number < _partitions.Count
        ? _partitions[number]
        : throw new InvalidImageException(ErrorIds.BadStructure, _store.Name, -1, $"partition {number} is named, but the volume has {_partitions.Count}");

    /// <summary>Reads one block.</summary>
    public byte[] ReadBlock(UdfAddress address) => this[address.Partition].ReadBytes((long)address.Block * BlockSize, BlockSize);

    private ByteStore Open(ReadOnlySpan<byte> map, long offset, IReadOnlyDictionary<int, (long Start, long Blocks)> descriptors)
    {
        if (map[0] == 1 && map.Length == Type1Size)
            return Physical(BinaryPrimitives.ReadUInt16LittleEndian(map.Slice(4)), offset, descriptors);
        if (map[0] != 2 || map.Length != Type2Size)
            throw new InvalidImageException(ErrorIds.BadStructure, _store.Name, offset, $"a partition map of type {map[0]} with {map.Length} bytes is not possible");
        var kind = Encoding.ASCII.GetString(map.Slice(5, 23).ToArray()).TrimEnd('\0');
        if (kind != "*UDF Metadata Partition")
            throw new InvalidImageException(ErrorIds.UnsupportedFeature, _store.Name, offset, $"a partition of the kind '{kind}' (rewritable or write-once media) is not read");
        return Metadata(map, offset, descriptors);
    }

    private SliceStore Physical(int number, long offset, IReadOnlyDictionary<int, (long Start, long Blocks)> descriptors)
    {
        if (!descriptors.TryGetValue(number, out var place))
            throw new InvalidImageException(ErrorIds.BadStructure, _store.Name, offset, $"partition {number} is used, but no descriptor says where it is");
        var start = place.Start * BlockSize;
        if (start > _store.Length)
            throw new InvalidImageException(ErrorIds.Truncated, _store.Name, start, $"partition {number} begins here, but the volume ends at {_store.Length}");
        // Images are often cut short at the last used block.
        return new SliceStore(_store, start, Math.Min(place.Blocks * BlockSize, _store.Length - start));
    }

    /// <summary>UDF 2.60, 2.2.10: a file of the physical partition is the partition; a mirror stands beside it.</summary>
    private ByteStore Metadata(ReadOnlySpan<byte> map, long offset, IReadOnlyDictionary<int, (long Start, long Blocks)> descriptors)
    {
        var physical = Physical(BinaryPrimitives.ReadUInt16LittleEndian(map.Slice(38)), offset, descriptors);
        var main = BinaryPrimitives.ReadUInt32LittleEndian(map.Slice(40));
        var mirror = BinaryPrimitives.ReadUInt32LittleEndian(map.Slice(44));
        try
        {
            return MetadataFile(physical, main);
        }
        catch (InvalidImageException) when (mirror != uint.MaxValue)
        {
            return MetadataFile(physical, mirror);
        }
    }

    private ByteStore MetadataFile(ByteStore physical, uint block)
    {
        var own = physical.ReadBytes((long)block * BlockSize, BlockSize);
        return UdfNode.Parse(own, new UdfAddress(block, 0), _store.Name).Content(_ => physical, BlockSize, "the metadata partition");
    }
}
