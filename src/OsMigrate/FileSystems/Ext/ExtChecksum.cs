using System.Buffers.Binary;
using OsMigrate.Bytes;

namespace OsMigrate.FileSystems.Ext;

/// <summary>Checksums of the superblock, of descriptors of groups, and of bitmaps, where the file system has them.</summary>
/// <remarks>Source: kernel.org, ext4 "Checksums", "Block Group Descriptors". CRC-32C here has no final complement; the older CRC-16 is of the reflected polynomial 0xA001.</remarks>
internal sealed class ExtChecksum
{
    private const uint DescriptorSums = 0x10;
    private const uint MetadataSums = 0x400;
    private const uint StoredSeed = 0x2000;
    private const int OwnPlace = 1020;
    private const int TypePlace = 373;
    private const int SeedPlace = 624;
    private const int DescriptorSumPlace = 30;
    private const int ShortDescriptor = 32;

    private static readonly ushort[] Table = MakeTable();

    private readonly string _name;
    private readonly byte[] _super;
    private readonly bool _isNew;
    private readonly bool _isOld;
    private readonly uint _seed;

    public ExtChecksum(ExtSuperblock super, string name)
    {
        (_super, _name) = (super.Bytes, name);
        _isNew = (super.Features.ReadOnly & MetadataSums) != 0;
        _isOld = !_isNew && (super.Features.ReadOnly & DescriptorSums) != 0;
        _seed = (super.Features.Incompatible & StoredSeed) != 0 ? Word(_super, SeedPlace) : Crc32C.Append(Crc32C.Start, _super.AsSpan(104, 16));
    }

    /// <summary>True when descriptors have checksums, and with them the flags that say which bitmaps were never written.</summary>
    public bool CoversDescriptors => _isNew || _isOld;

    /// <exception cref="InvalidImageException">The superblock is not what was written.</exception>
    public void CheckSuperblock()
    {
        if (!_isNew)
            return;
        if (_super[TypePlace] != 1)
            throw new InvalidImageException(ErrorIds.UnsupportedFeature, _name, ExtSuperblock.Place + TypePlace, $"the checksums of the ext file system are of type {_super[TypePlace]}; type 1 is known");
        Compare(Crc32C.Append(Crc32C.Start, _super.AsSpan(0, OwnPlace)), Word(_super, OwnPlace), "the superblock", ExtSuperblock.Place);
    }

    /// <param name="place">Where it lies, in bytes, for the error.</param>
    /// <exception cref="InvalidImageException">The descriptor is not what was written.</exception>
    public void CheckDescriptor(ReadOnlySpan<byte> descriptor, uint group, long place)
    {
        if (!CoversDescriptors)
            return;
        // Its own place counts as zero in the new sum, and does not count at all in the old one.
        byte[] number = [(byte)group, (byte)(group >> 8), (byte)(group >> 16), (byte)(group >> 24)];
        var head = descriptor.Slice(0, DescriptorSumPlace);
        var tail = descriptor.Slice(ShortDescriptor);
        var sum = _isNew
            ? Crc32C.Append(Crc32C.Append(Crc32C.Append(Crc32C.Append(_seed, number), head), [0, 0]), tail)
            : Old(Old(Old(Old(0xFFFF, _super.AsSpan(104, 16)), number), head), tail);
        Compare(sum & 0xFFFF, BinaryPrimitives.ReadUInt16LittleEndian(descriptor.Slice(DescriptorSumPlace)), $"the descriptor of group {group}", place);
    }

    /// <param name="bits">As many bytes as a whole group has bits for, also in the last group.</param>
    /// <exception cref="InvalidImageException">The bitmap is not what was written.</exception>
    public void CheckBitmap(ReadOnlySpan<byte> bits, ReadOnlySpan<byte> descriptor, uint group, long place)
    {
        if (!_isNew)
            return;
        var sum = Crc32C.Append(_seed, bits);
        uint expected = BinaryPrimitives.ReadUInt16LittleEndian(descriptor.Slice(24));
        if (descriptor.Length > ShortDescriptor)
            expected |= (uint)BinaryPrimitives.ReadUInt16LittleEndian(descriptor.Slice(56)) << 16;
        else
            sum &= 0xFFFF;
        Compare(sum, expected, $"the bitmap of group {group}", place);
    }

    private void Compare(uint sum, uint expected, string what, long place)
    {
        if (sum != expected)
            throw new InvalidImageException(ErrorIds.BadChecksum, _name, place, $"{what} has the checksum {sum:x}, {expected:x} is noted");
    }

    private static uint Word(byte[] bytes, int at) => BinaryPrimitives.ReadUInt32LittleEndian(bytes.AsSpan(at));

    private static uint Old(uint state, ReadOnlySpan<byte> data)
    {
        foreach (var value in data)
            state = Table[(byte)(state ^ value)] ^ (state >> 8);
        return state;
    }

    private static ushort[] MakeTable()
    {
        var table = new ushort[256];
        for (var i = 0; i < 256; i++)
        {
            var value = i;
            for (var bit = 0; bit < 8; bit++)
                value = (value & 1) != 0 ? (value >> 1) ^ 0xA001 : value >> 1;
            table[i] = (ushort)value;
        }

        return table;
    }
}
