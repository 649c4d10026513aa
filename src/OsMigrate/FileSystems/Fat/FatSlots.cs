using System.Buffers.Binary;
using System.Text;
using OsMigrate.Bytes;

namespace OsMigrate.FileSystems.Fat;

/// <summary>A file or folder as its slots say: the short one and the long ones in front of it.</summary>
/// <param name="Name">The long name, or the short one where there is none.</param>
/// <param name="Slot">The 32 bytes of the short slot.</param>
/// <param name="Places">Byte offsets in the volume of all its slots; the last is the short one.</param>
internal sealed record FatNamed(string Name, byte[] Slot, IReadOnlyList<long> Places)
{
    public const byte FolderAttribute = 0x10;
    public const byte LabelAttribute = 0x08;
    public const byte LongNameAttribute = 0x0F;

    public string ShortName => FatNames.Short(Slot);

    public bool IsFolder => (Slot[11] & FolderAttribute) != 0;

    public uint FirstCluster => ((uint)BinaryPrimitives.ReadUInt16LittleEndian(Slot.AsSpan(20)) << 16) | BinaryPrimitives.ReadUInt16LittleEndian(Slot.AsSpan(26));

    public uint SizeBytes => BinaryPrimitives.ReadUInt32LittleEndian(Slot.AsSpan(28));

    public bool Has(string name) => string.Equals(name, Name, StringComparison.OrdinalIgnoreCase) || string.Equals(name, ShortName, StringComparison.OrdinalIgnoreCase);
}

/// <summary>Reads the slots of a folder. FAT specification, "FAT Directory Structure".</summary>
internal sealed class FatSlots(ByteStore store, FatGeometry geometry, FatTable table)
{
    public const byte DeletedMark = 0xE5;

    /// <summary>65,536 slots are the most a folder may have.</summary>
    private const int MaxSlots = 65536;
    private const int CharsPerSlot = 13;

    /// <summary>Where each slot of a folder lies, in order. The folder 0 is the root.</summary>
    public IEnumerable<long> Places(uint folder)
    {
        const int Size = FatGeometry.SlotSize;
        if (folder == 0 && geometry.Bits != 32)
        {
            for (long at = 0; at + Size <= geometry.RootBytes; at += Size)
                yield return geometry.RootStart + at;
            yield break;
        }

        var count = 0;
        foreach (var cluster in table.Chain(folder == 0 ? geometry.RootCluster : folder))
        {
            for (var at = 0; at < geometry.ClusterSize; at += Size)
            {
                if (count++ == MaxSlots)
                    yield break;
                yield return geometry.OffsetOf(cluster) + at;
            }
        }
    }

    /// <summary>Slots with their bytes up to the end of the folder's list.</summary>
    public IEnumerable<(byte[] Slot, long Place)> Used(uint folder)
    {
        var block = Array.Empty<byte>();
        long blockStart = -1;
        foreach (var place in Places(folder))
        {
            // One read per sector, not per slot.
            var start = place / geometry.SectorSize * geometry.SectorSize;
            if (start != blockStart)
                (block, blockStart) = (store.ReadBytes(start, geometry.SectorSize), start);
            var slot = block.AsSpan((int)(place - start), FatGeometry.SlotSize).ToArray();
            if (slot[0] == 0)
                yield break;
            yield return (slot, place);
        }
    }

    /// <summary>Files and folders without "." and ".."; a long name whose sum does not fit its short one is passed over.</summary>
    public IEnumerable<FatNamed> Named(uint folder)
    {
        var parts = new List<(byte[] Slot, long Place)>();
        foreach (var (slot, place) in Used(folder))
        {
            if (slot[0] == DeletedMark)
            {
                parts.Clear();
            }
            else if ((slot[11] & 0x3F) == FatNamed.LongNameAttribute)
            {
                if ((slot[0] & 0x40) != 0)
                    parts.Clear();
                parts.Add((slot, place));
            }
            else
            {
                if ((slot[11] & FatNamed.LabelAttribute) == 0 && slot[0] != '.')
                    yield return Assemble(parts, slot, place);
                parts.Clear();
            }
        }
    }

    /// <summary>The label in the root folder; null where there is none.</summary>
    public string? Label()
    {
        foreach (var (slot, _) in Used(0))
        {
            if (slot[0] != DeletedMark && (slot[11] & 0x3F) == FatNamed.LabelAttribute)
                return FatNames.Short([.. slot.AsSpan(0, 8), (byte)' ', (byte)' ', (byte)' ', 0, 0]) + Encoding.ASCII.GetString(slot, 8, 3).TrimEnd(' ');
        }

        return null;
    }

    /// <summary>The long slots for a name, last part first, as they go in front of the short slot.</summary>
    public static IEnumerable<byte[]> LongSlots(string name, byte[] shortName)
    {
        var count = (name.Length + CharsPerSlot - 1) / CharsPerSlot;
        for (var number = count; number >= 1; number--)
        {
            var slot = new byte[FatGeometry.SlotSize];
            slot[0] = (byte)(number | (number == count ? 0x40 : 0));
            slot[11] = FatNamed.LongNameAttribute;
            slot[13] = FatNames.Checksum(shortName);
            for (var i = 0; i < CharsPerSlot; i++)
            {
                var index = ((number - 1) * CharsPerSlot) + i;
                var value = index < name.Length ? name[index] : index == name.Length ? '\0' : '\uFFFF';
                BinaryPrimitives.WriteUInt16LittleEndian(slot.AsSpan(CharAt(i)), value);
            }

            yield return slot;
        }
    }

    private static int CharAt(int index) => index < 5 ? 1 + (index * 2) : index < 11 ? 14 + ((index - 5) * 2) : 28 + ((index - 11) * 2);

    private static FatNamed Assemble(List<(byte[] Slot, long Place)> parts, byte[] slot, long place)
    {
        var name = LongName(parts, slot);
        return name is null
            ? new FatNamed(Safe(FatNames.Short(slot)), slot, [place])
            : new FatNamed(name, slot, [.. parts.Select(static p => p.Place), place]);
    }

    private static string? LongName(List<(byte[] Slot, long Place)> parts, byte[] slot)
    {
        if (parts.Count is 0 or > 20)
            return null;
        var sum = FatNames.Checksum(slot);
        var name = new StringBuilder(parts.Count * CharsPerSlot);
        for (var i = parts.Count - 1; i >= 0; i--)
        {
            var part = parts[i].Slot;
            if ((part[0] & 0x1F) != parts.Count - i || part[13] != sum)
                return null;
            for (var c = 0; c < CharsPerSlot; c++)
            {
                var value = (char)BinaryPrimitives.ReadUInt16LittleEndian(part.AsSpan(CharAt(c)));
                if (value == 0)
                    return i == 0 && name.Length > 0 ? Safe(name.ToString()) : null;
                name.Append(value);
            }
        }

        return Safe(name.ToString());
    }

    private static string Safe(string name) => name is "" or "." or ".." ? "_" : name.Replace('/', '_').Replace('\\', '_').Replace('\0', '_');
}
