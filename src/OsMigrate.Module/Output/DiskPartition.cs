using OsMigrate.Bytes;
using OsMigrate.Partitions;

namespace OsMigrate.Module.Output;

/// <summary>A partition of a disk image. Offsets and sizes in bytes.</summary>
public sealed class DiskPartition
{
    internal DiskPartition(Partition partition)
        => (Number, OffsetBytes, SizeBytes, Type, TypeId, Name, IsBootable)
            = (partition.Number, partition.StartBytes, partition.SizeBytes, partition.TypeName, partition.TypeId, partition.Name, partition.IsBootable);

    /// <summary>As Linux counts: MBR logical partitions start at 5.</summary>
    public int Number { get; }

    public long OffsetBytes { get; }

    public long SizeBytes { get; }

    /// <summary>The type in words.</summary>
    public string Type { get; }

    /// <summary>MBR: 0x83. GPT: the type's GUID.</summary>
    public string TypeId { get; }

    /// <summary>The label a GPT gives; empty where there is none.</summary>
    public string Name { get; }

    public bool IsBootable { get; }

    public string Size => ByteSize.Text(SizeBytes);

    public override string ToString() => $"{Number}: {Type} {Size}{(IsBootable ? " (boot)" : "")}";
}
