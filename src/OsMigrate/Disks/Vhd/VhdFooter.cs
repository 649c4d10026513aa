using System.Buffers.Binary;
using OsMigrate.Bytes;

namespace OsMigrate.Disks.Vhd;

/// <summary>The kinds of VHD that exist. Microsoft, "Virtual Hard Disk Image Format Specification" 1.0, "Hard Disk Footer Format", Disk Type.</summary>
internal enum VhdType : uint
{
    Fixed = 2,
    Dynamic = 3,
    Differencing = 4,
}

/// <summary>The footer: the last 512 bytes of every VHD, and of all but fixed ones the first 512 too. Big endian.</summary>
/// <remarks>Same specification, section "Hard Disk Footer Format". Versions of Virtual PC before 2004 wrote 511 bytes.</remarks>
internal readonly record struct VhdFooter
{
    public const int Size = 512;

    /// <summary>Length of the footer that early Virtual PC versions wrote.</summary>
    public const int OldSize = 511;

    /// <summary>2,040 GiB: what fits the block table of 32-bit sector numbers.</summary>
    public const long MaxDiskSize = 2040L << 30;

    /// <summary>65,535 x 16 x 255 sectors: the end of what the geometry can say.</summary>
    public const long MaxGeometrySectors = 65535L * 16 * 255;

    private const uint VersionOne = 0x00010000;
    private const int ChecksumOffset = 64;

    public uint Version { get; init; }

    /// <summary>Where the dynamic header lies; all ones for a fixed disk.</summary>
    public ulong DataOffset { get; init; }

    /// <summary>Seconds since 2000-01-01 00:00 UTC at which the disk was created.</summary>
    public uint TimeStamp { get; init; }

    /// <summary>Four characters that name the creating program, zero bytes shown as spaces.</summary>
    public string CreatorApplication { get; init; }

    public ulong OriginalSize { get; init; }

    public ulong CurrentSize { get; init; }

    public ushort Cylinders { get; init; }

    public byte Heads { get; init; }

    public byte SectorsPerTrack { get; init; }

    public VhdType Type { get; init; }

    public uint Checksum { get; init; }

    /// <summary>16 bytes in hex: a child names its parent by it.</summary>
    public string UniqueId { get; init; }

    public bool SavedState { get; init; }

    public long GeometrySectors => (long)Cylinders * Heads * SectorsPerTrack;

    /// <summary>Does a footer start here? Only the cookie is looked at.</summary>
    public static bool HasCookie(ReadOnlySpan<byte> bytes)
        => bytes.Length >= OldSize && bytes.Slice(0, 8).SequenceEqual("conectix"u8);

    /// <param name="bytes">512 bytes, the last one zero for a footer of 511.</param>
    public static VhdFooter Parse(ReadOnlySpan<byte> bytes) => new()
    {
        Version = BinaryPrimitives.ReadUInt32BigEndian(bytes.Slice(12)),
        DataOffset = BinaryPrimitives.ReadUInt64BigEndian(bytes.Slice(16)),
        TimeStamp = BinaryPrimitives.ReadUInt32BigEndian(bytes.Slice(24)),
        CreatorApplication = VhdText.Ascii(bytes.Slice(28, 4)),
        OriginalSize = BinaryPrimitives.ReadUInt64BigEndian(bytes.Slice(40)),
        CurrentSize = BinaryPrimitives.ReadUInt64BigEndian(bytes.Slice(48)),
        Cylinders = BinaryPrimitives.ReadUInt16BigEndian(bytes.Slice(56)),
        Heads = bytes[58],
        SectorsPerTrack = bytes[59],
        Type = (VhdType)BinaryPrimitives.ReadUInt32BigEndian(bytes.Slice(60)),
        Checksum = BinaryPrimitives.ReadUInt32BigEndian(bytes.Slice(ChecksumOffset)),
        UniqueId = Hex.Lower(bytes.Slice(68, 16).ToArray()),
        SavedState = bytes[84] != 0,
    };

    /// <summary>The one's complement of the sum of all bytes but the checksum's own.</summary>
    public static uint ComputeChecksum(ReadOnlySpan<byte> bytes) => VhdText.Checksum(bytes, ChecksumOffset);

    /// <summary>Throws unless the footer is whole and of a kind that is read here.</summary>
    public void Validate(ReadOnlySpan<byte> bytes, string fileName, long offset)
    {
        if (ComputeChecksum(bytes) is var sum && sum != Checksum)
            throw new InvalidImageException(ErrorIds.BadChecksum, fileName, offset, $"the VHD footer says its checksum is {Checksum:x8}, its bytes give {sum:x8}");
        if (Version >> 16 != VersionOne >> 16)
            throw new InvalidImageException(ErrorIds.UnsupportedFeature, fileName, offset + 12, $"VHD version {Version >> 16}.{Version & 0xffff} is not known, only 1.0 is");
        if (Type is not (VhdType.Fixed or VhdType.Dynamic or VhdType.Differencing))
            throw new InvalidImageException(ErrorIds.UnsupportedFeature, fileName, offset + 60, $"VHD type {(uint)Type} is not known; 2 (fixed), 3 (dynamic) and 4 (differencing) are");
    }

    /// <summary>Writes the footer with its checksum.</summary>
    /// <param name="bytes">512 zero bytes.</param>
    public void WriteTo(Span<byte> bytes)
    {
        "conectix"u8.CopyTo(bytes);
        BinaryPrimitives.WriteUInt32BigEndian(bytes.Slice(8), 2);
        BinaryPrimitives.WriteUInt32BigEndian(bytes.Slice(12), VersionOne);
        BinaryPrimitives.WriteUInt64BigEndian(bytes.Slice(16), DataOffset);
        BinaryPrimitives.WriteUInt32BigEndian(bytes.Slice(24), TimeStamp);
        for (var i = 0; i < 4; i++)
            bytes[28 + i] = (byte)CreatorApplication[i];
        BinaryPrimitives.WriteUInt32BigEndian(bytes.Slice(32), VersionOne);
        "Wi2k"u8.CopyTo(bytes.Slice(36));
        BinaryPrimitives.WriteUInt64BigEndian(bytes.Slice(40), OriginalSize);
        BinaryPrimitives.WriteUInt64BigEndian(bytes.Slice(48), CurrentSize);
        BinaryPrimitives.WriteUInt16BigEndian(bytes.Slice(56), Cylinders);
        bytes[58] = Heads;
        bytes[59] = SectorsPerTrack;
        BinaryPrimitives.WriteUInt32BigEndian(bytes.Slice(60), (uint)Type);
        for (var i = 0; i < 16; i++)
            bytes[68 + i] = Convert.ToByte(UniqueId.Substring(i * 2, 2), 16);
        BinaryPrimitives.WriteUInt32BigEndian(bytes.Slice(ChecksumOffset), ComputeChecksum(bytes));
    }
}
