using System.Buffers.Binary;

namespace OsMigrate.Partitions;

/// <summary>One of the four entries of a master or extended boot record. Little endian, sectors.</summary>
/// <remarks>UEFI Specification 2.10, section 5.2.1 "Legacy Master Boot Record (MBR)".</remarks>
internal readonly record struct MbrEntry(byte Status, byte Type, uint FirstSector, uint SectorCount)
{
    public const int Size = 16;
    public const int TableOffset = 446;
    public const byte ProtectiveType = 0xee;

    public bool IsExtended => Type is 0x05 or 0x0f or 0x85;

    /// <summary>Neither a type nor a place.</summary>
    public bool IsEmpty => Type == 0 || SectorCount == 0;

    public static MbrEntry Parse(ReadOnlySpan<byte> bytes) => new(
        bytes[0],
        bytes[4],
        BinaryPrimitives.ReadUInt32LittleEndian(bytes.Slice(8)),
        BinaryPrimitives.ReadUInt32LittleEndian(bytes.Slice(12)));

    /// <summary>The four entries of a boot record; none of a missing one.</summary>
    public static MbrEntry[] ParseAll(byte[]? sector)
    {
        if (sector is null)
            return [];
        var entries = new MbrEntry[4];
        for (var i = 0; i < entries.Length; i++)
            entries[i] = Parse(sector.AsSpan(TableOffset + (i * Size), Size));
        return entries;
    }
}
