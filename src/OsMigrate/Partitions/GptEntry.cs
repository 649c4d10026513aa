using System.Buffers.Binary;
using System.Text;

namespace OsMigrate.Partitions;

/// <summary>An entry of a GUID partition table. Little endian, sectors, the last one included.</summary>
/// <remarks>UEFI Specification 2.10, section 5.3.3 "GPT Partition Entry Array".</remarks>
internal readonly record struct GptEntry(Guid Type, Guid Id, ulong FirstSector, ulong LastSector, ulong Attributes, string Name)
{
    public const int Size = 128;

    private const ulong LegacyBootable = 4;

    public bool IsBootable => (Attributes & LegacyBootable) != 0;

    public static GptEntry Parse(ReadOnlySpan<byte> bytes) => new(
        new Guid(bytes.Slice(0, 16).ToArray()),
        new Guid(bytes.Slice(16, 16).ToArray()),
        BinaryPrimitives.ReadUInt64LittleEndian(bytes.Slice(32)),
        BinaryPrimitives.ReadUInt64LittleEndian(bytes.Slice(40)),
        BinaryPrimitives.ReadUInt64LittleEndian(bytes.Slice(48)),
        Text(bytes.Slice(56, 72)));

    private static string Text(ReadOnlySpan<byte> bytes)
    {
        var text = Encoding.Unicode.GetString(bytes.ToArray());
        var end = text.IndexOf('\0');
        return end < 0 ? text : text.Substring(0, end);
    }
}
