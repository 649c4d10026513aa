using OsMigrate.Bytes;

namespace OsMigrate.FileSystems.Ntfs;

/// <summary>One attribute as it stands in one MFT record; a large attribute has several of them, each for a part of its clusters.</summary>
internal sealed class AttributeRecord
{
    private const int ResidentHeader = 0x18;
    private const int NonResidentHeader = 0x40;

    public AttributeType Type { get; private set; }

    public string Name { get; private set; } = "";

    public AttributeFlags Flags { get; private set; }

    /// <summary>Unique among the attributes of one MFT record.</summary>
    public ushort Id { get; private set; }

    public bool IsResident { get; private set; }

    /// <summary>The whole attribute record, with header.</summary>
    public byte[] Raw { get; private set; } = [];

    /// <summary>The content of a resident attribute; empty otherwise.</summary>
    public byte[] Value { get; private set; } = [];

    public long LowestVcn { get; private set; }

    public long HighestVcn { get; private set; } = -1;

    public RunList Runs { get; private set; } = RunList.Empty;

    /// <summary>Bytes of clusters from the first to the last, holes with them. Meaningful in the first part only, like the sizes below.</summary>
    public long AllocatedBytes { get; private set; }

    public long DataBytes { get; private set; }

    /// <summary>Bytes from here on read as zeros, whatever the clusters hold.</summary>
    public long InitializedBytes { get; private set; }

    /// <summary>Bytes of clusters that are really there; only for compressed and sparse attributes.</summary>
    public long StoredBytes { get; private set; }

    /// <summary>Clusters of a compression unit as a power of two; 0 where nothing is compressed.</summary>
    public int CompressionUnit { get; private set; }

    /// <param name="raw">The attribute record; its length field has been checked against the MFT record.</param>
    /// <param name="at">Where it lies on the volume, for messages.</param>
    public static AttributeRecord Parse(byte[] raw, long clusterCount, string name, long at)
    {
        var isResident = raw[8] == 0;
        int header = isResident ? ResidentHeader : NonResidentHeader, nameOffset = Le.U16(raw, 10), nameUnits = raw[9];
        if (raw.Length < header || (nameUnits > 0 && nameOffset + (2 * nameUnits) > raw.Length))
            throw new InvalidImageException(ErrorIds.BadStructure, name, at, $"an attribute of type {Le.U32(raw, 0):x} in {raw.Length} bytes is cut off");
        var attribute = new AttributeRecord
        {
            Type = (AttributeType)Le.U32(raw, 0),
            Name = nameUnits == 0 ? "" : Le.Text(raw, nameOffset, nameUnits),
            Flags = (AttributeFlags)Le.U16(raw, 12),
            Id = Le.U16(raw, 14),
            IsResident = isResident,
            Raw = raw,
        };
        if (isResident)
            attribute.ParseResident(name, at);
        else
            attribute.ParseNonResident(clusterCount, name, at);
        return attribute;
    }

    private void ParseResident(string name, long at)
    {
        var size = Le.U32(Raw, 16);
        var start = Le.U16(Raw, 20);
        if (size > Raw.Length || start > Raw.Length - (int)size)
            throw new InvalidImageException(ErrorIds.BadStructure, name, at, $"the value of an attribute of type {(uint)Type:x} ({size} bytes at {start}) leaves its record of {Raw.Length} bytes");
        Value = Raw.AsSpan(start, (int)size).ToArray();
        DataBytes = InitializedBytes = size;
        AllocatedBytes = Le.Align8((int)size);
    }

    private void ParseNonResident(long clusterCount, string name, long at)
    {
        (LowestVcn, HighestVcn) = (Le.I64(Raw, 16), Le.I64(Raw, 24));
        var pairs = Le.U16(Raw, 32);
        CompressionUnit = Raw[34];
        (AllocatedBytes, DataBytes, InitializedBytes) = (Le.I64(Raw, 40), Le.I64(Raw, 48), Le.I64(Raw, 56));
        if (LowestVcn < 0 || LowestVcn > RunList.MaxClusters || pairs > Raw.Length || CompressionUnit > 16)
            throw new InvalidImageException(ErrorIds.BadStructure, name, at, $"an attribute of type {(uint)Type:x} has its runs at {pairs}, from cluster {LowestVcn} on, in units of 2^{CompressionUnit}");
        if (LowestVcn == 0 && (AllocatedBytes < 0 || DataBytes < 0 || InitializedBytes < 0 || InitializedBytes > DataBytes))
            throw new InvalidImageException(ErrorIds.BadStructure, name, at, $"an attribute of type {(uint)Type:x} has sizes {AllocatedBytes}, {DataBytes}, {InitializedBytes}");
        if ((Flags & (AttributeFlags.Compressed | AttributeFlags.Sparse)) != 0 && LowestVcn == 0 && Raw.Length >= 0x48)
            StoredBytes = Le.I64(Raw, 64);
        Runs = RunList.Decode(Raw.AsSpan(pairs), LowestVcn, clusterCount, name, at + pairs);
        if (Runs.Runs.Count > 0 && Runs.End != HighestVcn + 1)
            throw new InvalidImageException(ErrorIds.BadStructure, name, at, $"the runs of an attribute of type {(uint)Type:x} end at cluster {Runs.End}, its header says {HighestVcn + 1}");
    }
}
