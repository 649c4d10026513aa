namespace OsMigrate.Disks.Qcow2;

/// <summary>Where the content of a run of the disk comes from.</summary>
internal enum Qcow2RunKind
{
    /// <summary>Not in this image: from the backing file, or zero without one.</summary>
    Absent,

    /// <summary>Zero, whatever the backing file holds.</summary>
    Zero,

    /// <summary>Plain bytes.</summary>
    Data,

    /// <summary>Part of one compressed cluster.</summary>
    Compressed,
}

/// <summary>A run of the disk of one kind.</summary>
/// <param name="Length">Bytes of the disk, at least 1.</param>
/// <param name="HostOffset">Data: byte offset of the run in the data file. Compressed: of the cluster's compressed bytes in the image.</param>
/// <param name="PackedLength">Compressed: bytes in the image that hold the stream, which may end earlier; it is known in sectors only.</param>
internal readonly record struct Qcow2Run(Qcow2RunKind Kind, long Length, long HostOffset = 0, int PackedLength = 0);
