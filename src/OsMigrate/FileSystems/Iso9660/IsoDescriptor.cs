using System.Buffers.Binary;
using System.Text;
using OsMigrate.Bytes;

namespace OsMigrate.FileSystems.Iso9660;

/// <summary>A primary or supplementary volume descriptor. ECMA-119, 8.4 and 8.5.</summary>
internal readonly record struct IsoDescriptor
{
    public const int Size = 2048;
    public const byte PrimaryType = 1;
    public const byte SupplementaryType = 2;
    public const byte EndType = 255;

    public byte Type { get; private init; }

    /// <summary>2 marks the enhanced descriptor of ISO 9660:1999.</summary>
    public byte Version { get; private init; }

    public string Label { get; private init; }

    /// <summary>Bytes of a logical block.</summary>
    public int BlockSize { get; private init; }

    public IsoRecord Root { get; private init; }

    /// <summary>Names are UCS-2: the escape sequences of Joliet levels 1 to 3.</summary>
    public bool IsJoliet { get; private init; }

    /// <summary>True when the 2048 bytes are a descriptor at all.</summary>
    public static bool Matches(ReadOnlySpan<byte> sector) => sector.Length >= 7 && sector.Slice(1, 5).SequenceEqual("CD001"u8);

    /// <exception cref="InvalidImageException">The root record or the block size is not possible.</exception>
    public static IsoDescriptor Parse(ReadOnlySpan<byte> sector, string name, long offset)
    {
        var isJoliet = sector[0] == SupplementaryType && sector[88] == 0x25 && sector[89] == 0x2F && sector[90] is 0x40 or 0x43 or 0x45;
        var blockSize = BinaryPrimitives.ReadUInt16LittleEndian(sector.Slice(128));
        if (blockSize is not (512 or 1024 or 2048))
            throw new InvalidImageException(ErrorIds.BadStructure, name, offset + 128, $"a logical block of {blockSize} bytes is not possible in ISO 9660; 512, 1024 and 2048 are");
        var root = IsoRecord.Parse(sector.Slice(156, 34))
            ?? throw new InvalidImageException(ErrorIds.BadStructure, name, offset + 156, "the record of the root folder is damaged");
        var label = sector.Slice(40, 32).ToArray();
        return new IsoDescriptor
        {
            Type = sector[0],
            Version = sector[6],
            IsJoliet = isJoliet,
            BlockSize = blockSize,
            Root = root,
            Label = (isJoliet ? Encoding.BigEndianUnicode : Encoding.ASCII).GetString(label).TrimEnd(' ', '\0'),
        };
    }
}
