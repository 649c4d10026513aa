namespace OsMigrate.FileSystems.Ntfs;

/// <summary>One entry of $ATTRIBUTE_LIST: which MFT record holds which part of which attribute.</summary>
/// <remarks>Source: flatcap NTFS documentation, "$ATTRIBUTE_LIST".</remarks>
internal sealed record AttributeListEntry(AttributeType Type, string Name, long LowestVcn, FileReference Record, ushort Id)
{
    private const int HeaderSize = 0x1A;

    /// <summary>The bytes of the list, wherever they are.</summary>
    public static byte[] ReadValue(NtfsLayout layout, AttributeRecord list)
    {
        if (list.DataBytes > Mft.MaxAttributeList)
            throw layout.Bad(-1, $"an attribute list of {list.DataBytes} bytes");
        return list.IsResident
            ? list.Value
            : new RunStore(layout.Store, layout.Boot.ClusterSize, list.Runs, list.DataBytes, list.InitializedBytes, layout.Name).ReadBytes(0, (int)list.DataBytes);
    }

    public static IReadOnlyList<AttributeListEntry> Parse(byte[] list, NtfsLayout layout)
    {
        var entries = new List<AttributeListEntry>();
        var at = 0;
        while (at <= list.Length - HeaderSize)
        {
            int length = Le.U16(list, at + 4), units = list[at + 6], nameAt = list[at + 7];
            if (length < HeaderSize || length > list.Length - at || (units > 0 && nameAt + (2 * units) > length))
                throw layout.Bad(-1, $"an attribute list has an entry of {length} bytes at {at} of {list.Length}");
            entries.Add(new AttributeListEntry(
                (AttributeType)Le.U32(list, at),
                units == 0 ? "" : Le.Text(list, at + nameAt, units),
                Le.I64(list, at + 8),
                FileReference.Parse(list, at + 16),
                Le.U16(list, at + 24)));
            at += length;
        }

        return entries;
    }

    public byte[] ToBytes()
    {
        var bytes = new byte[Le.Align8(HeaderSize + (2 * Name.Length))];
        Le.Put32(bytes, 0, (uint)Type);
        Le.Put16(bytes, 4, bytes.Length);
        bytes[6] = (byte)Name.Length;
        bytes[7] = HeaderSize;
        Le.Put64(bytes, 8, LowestVcn);
        Le.Put64(bytes, 16, Record.Raw);
        Le.Put16(bytes, 24, Id);
        Le.PutText(bytes, HeaderSize, Name);
        return bytes;
    }
}
