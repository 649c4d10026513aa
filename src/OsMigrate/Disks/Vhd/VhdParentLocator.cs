using System.Buffers.Binary;
using OsMigrate.Bytes;

namespace OsMigrate.Disks.Vhd;

/// <summary>One of the eight places where a child may say, for one platform, where its parent lies.</summary>
/// <remarks>Microsoft, "Virtual Hard Disk Image Format Specification" 1.0, section "Dynamic Disk Header Format", Parent Locator Entries.</remarks>
internal readonly record struct VhdParentLocator(string Platform, uint DataLength, ulong DataOffset)
{
    public const int Size = 24;

    // Windows paths end at 32,767 characters.
    private const int MaxDataLength = 65536;

    public static VhdParentLocator Parse(ReadOnlySpan<byte> bytes) => new(
        VhdText.Ascii(bytes.Slice(0, 4)),
        BinaryPrimitives.ReadUInt32BigEndian(bytes.Slice(8)),
        BinaryPrimitives.ReadUInt64BigEndian(bytes.Slice(16)));

    /// <summary>The path it holds; null for an unused entry and for platforms whose text is not UTF-16.</summary>
    public string? ReadPath(ByteStore store)
    {
        if (Platform is not ("W2ru" or "W2ku") || DataLength == 0)
            return null;
        if (DataLength > MaxDataLength)
            throw new InvalidImageException(ErrorIds.BadStructure, store.Name, -1, $"a parent locator has {DataLength} bytes; at most {MaxDataLength} are expected");
        return VhdText.Utf16(store.ReadBytes((long)DataOffset, (int)DataLength), bigEndian: false);
    }
}
