using System.Buffers.Binary;
using OsMigrate.Bytes;

namespace OsMigrate.FileSystems.Udf;

/// <summary>The sixteen bytes in front of every UDF descriptor. ECMA-167, 3/7.2 and 4/7.2.</summary>
internal readonly record struct UdfTag
{
    public const int Size = 16;

    public const int Primary = 1;
    public const int Anchor = 2;
    public const int NextVolumeDescriptors = 3;
    public const int PartitionDescriptor = 5;
    public const int LogicalVolume = 6;
    public const int Terminating = 8;
    public const int FileSet = 256;
    public const int FileIdentifier = 257;
    public const int AllocationExtent = 258;
    public const int FileEntry = 261;
    public const int ExtendedFileEntry = 266;

    public int Id { get; private init; }

    public uint Location { get; private init; }

    /// <summary>True when id, checksum and CRC say that a descriptor is here.</summary>
    public static bool TryParse(ReadOnlySpan<byte> bytes, out UdfTag tag)
    {
        tag = default;
        if (bytes.Length < Size)
            return false;
        byte sum = 0;
        for (var i = 0; i < Size; i++)
            sum += i == 4 ? (byte)0 : bytes[i];
        int crcLength = BinaryPrimitives.ReadUInt16LittleEndian(bytes.Slice(10));
        tag = new UdfTag { Id = BinaryPrimitives.ReadUInt16LittleEndian(bytes), Location = BinaryPrimitives.ReadUInt32LittleEndian(bytes.Slice(12)) };
        // Some writers cover more than one block; what is not at hand cannot be checked.
        return sum == bytes[4] && tag.Id != 0
            && (crcLength > bytes.Length - Size || Crc(bytes.Slice(Size, crcLength)) == BinaryPrimitives.ReadUInt16LittleEndian(bytes.Slice(8)));
    }

    /// <exception cref="InvalidImageException">No descriptor of the wanted kinds is here.</exception>
    public static UdfTag Require(ReadOnlySpan<byte> bytes, string name, long offset, params int[] wanted)
    {
        if (!TryParse(bytes, out var tag))
            throw new InvalidImageException(ErrorIds.BadChecksum, name, offset, "a UDF descriptor should be here, but its checksum does not fit");
        if (Array.IndexOf(wanted, tag.Id) < 0)
            throw new InvalidImageException(ErrorIds.BadStructure, name, offset, $"a UDF descriptor of kind {string.Join(" or ", wanted)} should be here, this one is of kind {tag.Id}");
        return tag;
    }

    /// <summary>CRC of ITU-T V.41: polynomial 0x1021, most significant bit first, starting with 0. ECMA-167, 1/7.2.6.</summary>
    public static ushort Crc(ReadOnlySpan<byte> bytes)
    {
        ushort crc = 0;
        foreach (var value in bytes)
            crc = (ushort)((crc << 8) ^ Table[(crc >> 8) ^ value]);
        return crc;
    }

    private static readonly ushort[] Table = MakeTable();

    private static ushort[] MakeTable()
    {
        var table = new ushort[256];
        for (var i = 0; i < 256; i++)
        {
            var value = i << 8;
            for (var bit = 0; bit < 8; bit++)
                value = (value & 0x8000) != 0 ? (value << 1) ^ 0x1021 : value << 1;
            table[i] = (ushort)value;
        }

        return table;
    }
}
