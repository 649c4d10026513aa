using System.Buffers.Binary;
using System.Text;
using OsMigrate.Bytes;

namespace OsMigrate.Disks.Vhdx;

/// <summary>Key and value pairs that say where a child's parent lies and what it is known by.</summary>
/// <remarks>[MS-VHDX] 2.6.2.6 "Parent Locator".</remarks>
internal sealed class VhdxParentLocator
{
    private const int HeaderSize = 20;
    private const int EntrySize = 12;

    private readonly Dictionary<string, string> _values;

    private VhdxParentLocator(Dictionary<string, string> values) => _values = values;

    /// <summary>The <see cref="VhdxHeader.DataWriteGuid"/> values that the parent may have; a second one while a merge is under way.</summary>
    public IEnumerable<Guid> Linkages
    {
        get
        {
            foreach (var key in new[] { "parent_linkage", "parent_linkage2" })
            {
                if (_values.TryGetValue(key, out var text) && Guid.TryParse(text, out var guid) && guid != Guid.Empty)
                    yield return guid;
            }
        }
    }

    /// <summary>Paths of the parent, the likeliest first.</summary>
    public IEnumerable<string> Paths
    {
        get
        {
            foreach (var key in new[] { "relative_path", "absolute_win32_path", "volume_path" })
            {
                if (_values.TryGetValue(key, out var path))
                    yield return path;
            }
        }
    }

    public static VhdxParentLocator Parse(byte[] bytes, string fileName, long regionOffset)
    {
        var type = VhdxGuids.Read(bytes);
        if (type != VhdxGuids.VhdxParentLocatorType)
            throw new InvalidImageException(ErrorIds.UnsupportedFeature, fileName, regionOffset, $"the parent locator is of the type {type}, which is not known here");
        var count = BinaryPrimitives.ReadUInt16LittleEndian(bytes.AsSpan(18));
        if (HeaderSize + (count * EntrySize) > bytes.Length)
            throw Bad($"the parent locator has {bytes.Length} bytes, too few for its {count} entries");
        var values = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        for (var i = 0; i < count; i++)
        {
            var entry = bytes.AsSpan(HeaderSize + (i * EntrySize), EntrySize);
            var key = Text(BinaryPrimitives.ReadUInt32LittleEndian(entry), BinaryPrimitives.ReadUInt16LittleEndian(entry.Slice(8)));
            values[key] = Text(BinaryPrimitives.ReadUInt32LittleEndian(entry.Slice(4)), BinaryPrimitives.ReadUInt16LittleEndian(entry.Slice(10)));
        }

        return new VhdxParentLocator(values);

        string Text(uint offset, ushort length)
            => offset <= (uint)bytes.Length && length <= bytes.Length - (int)offset
                ? Encoding.Unicode.GetString(bytes, (int)offset, length).TrimEnd('\0')
                : throw Bad($"a text of the parent locator lies at {offset} and has {length} bytes, but the locator has {bytes.Length}");

        InvalidImageException Bad(string reason) => new(ErrorIds.BadStructure, fileName, regionOffset, reason);
    }
}
