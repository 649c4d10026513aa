using OsMigrate.Bytes;

namespace OsMigrate.FileSystems.Ntfs;

/// <summary>A whole attribute, put together from all its parts.</summary>
internal sealed class NtfsAttribute
{
    private readonly AttributeRecord _first;

    /// <param name="parts">In the order of their clusters; the first begins at cluster 0.</param>
    public NtfsAttribute(IReadOnlyList<AttributeRecord> parts)
    {
        _first = parts[0];
        Runs = parts.Count == 1 ? _first.Runs : new RunList(parts.SelectMany(static p => p.Runs.Runs));
    }

    public AttributeType Type => _first.Type;

    public string Name => _first.Name;

    public AttributeFlags Flags => _first.Flags;

    public bool IsResident => _first.IsResident;

    public bool IsCompressed => (Flags & AttributeFlags.Compressed) != 0;

    public bool IsEncrypted => (Flags & AttributeFlags.Encrypted) != 0;

    public bool IsSparse => (Flags & AttributeFlags.Sparse) != 0;

    public byte[] Value => _first.Value;

    public RunList Runs { get; }

    public long AllocatedBytes => _first.AllocatedBytes;

    /// <summary>Bytes on the volume that belong to it: without holes.</summary>
    public long StoredBytes => _first.StoredBytes > 0 ? _first.StoredBytes : AllocatedBytes;

    public long DataBytes => _first.DataBytes;

    public long InitializedBytes => _first.InitializedBytes;

    public int CompressionUnit => _first.CompressionUnit;

    /// <summary>The content, expanded where it is compressed.</summary>
    public ByteStore Open(NtfsLayout layout, string name)
    {
        if (IsResident)
            return new MemoryStore(Value, name);
        if (IsCompressed && !IsEncrypted)
            return new CompressedStore(layout, this, name);
        return new RunStore(layout.Store, layout.Boot.ClusterSize, Runs, DataBytes, InitializedBytes, name);
    }
}
