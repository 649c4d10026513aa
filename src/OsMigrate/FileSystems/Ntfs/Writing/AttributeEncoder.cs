namespace OsMigrate.FileSystems.Ntfs.Writing;

/// <summary>Sizes of a non-resident attribute.</summary>
/// <param name="Stored">Clusters really there, for sparse and compressed attributes.</param>
internal readonly record struct AttributeSizes(long Allocated, long Data, long Initialized, long Stored = 0);

/// <summary>Makes attribute records.</summary>
internal static class AttributeEncoder
{
    public static byte[] Resident(AttributeType type, string name, AttributeFlags flags, ushort id, ReadOnlySpan<byte> value)
    {
        var valueAt = Le.Align8(0x18 + (2 * name.Length));
        var raw = new byte[Le.Align8(valueAt + value.Length)];
        Header(raw, type, name, 0x18, flags, id);
        Le.Put32(raw, 16, (uint)value.Length);
        Le.Put16(raw, 20, valueAt);
        // "Indexed" is set on names only: they stand in a folder's index as well.
        raw[22] = (byte)(type == AttributeType.FileName ? 1 : 0);
        value.CopyTo(raw.AsSpan(valueAt));
        return raw;
    }

    /// <param name="runs">A part of the attribute's runs; its first cluster decides whether the sizes are written.</param>
    public static byte[] NonResident(AttributeType type, string name, AttributeFlags flags, ushort id, int unit, IReadOnlyList<Run> runs, AttributeSizes sizes)
    {
        var lowest = runs.Count == 0 ? 0 : runs[0].Vcn;
        var hasStored = lowest == 0 && (flags & (AttributeFlags.Compressed | AttributeFlags.Sparse)) != 0;
        var nameAt = hasStored ? 0x48 : 0x40;
        var pairsAt = Le.Align8(nameAt + (2 * name.Length));
        var pairs = RunList.Encode(runs);
        var raw = new byte[Le.Align8(pairsAt + pairs.Length)];
        Header(raw, type, name, nameAt, flags, id);
        raw[8] = 1;
        Le.Put64(raw, 16, lowest);
        Le.Put64(raw, 24, runs.Count == 0 ? -1 : runs[runs.Count - 1].End - 1);
        Le.Put16(raw, 32, pairsAt);
        raw[34] = (byte)unit;
        if (lowest == 0)
        {
            Le.Put64(raw, 40, sizes.Allocated);
            Le.Put64(raw, 48, sizes.Data);
            Le.Put64(raw, 56, sizes.Initialized);
        }

        if (hasStored)
            Le.Put64(raw, 64, sizes.Stored);
        pairs.CopyTo(raw, pairsAt);
        return raw;
    }

    /// <summary>The same attribute record with another id, for its place in another MFT record.</summary>
    public static byte[] WithId(byte[] raw, ushort id)
    {
        var copy = (byte[])raw.Clone();
        Le.Put16(copy, 14, id);
        return copy;
    }

    private static void Header(byte[] raw, AttributeType type, string name, int nameAt, AttributeFlags flags, ushort id)
    {
        Le.Put32(raw, 0, (uint)type);
        Le.Put32(raw, 4, (uint)raw.Length);
        raw[9] = (byte)name.Length;
        Le.Put16(raw, 10, nameAt);
        Le.Put16(raw, 12, (int)flags);
        Le.Put16(raw, 14, id);
        Le.PutText(raw, nameAt, name);
    }
}
