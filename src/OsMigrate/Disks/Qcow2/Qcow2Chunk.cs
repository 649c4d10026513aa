using OsMigrate.Bytes;
using OsMigrate.Disks.Copying;

namespace OsMigrate.Disks.Qcow2;

/// <summary>One cluster of a chunk, ready to be stored. Clusters that are all zero do not appear.</summary>
/// <param name="Index">Guest cluster number.</param>
/// <param name="Compressed">Stored form: compressed, in <see cref="Qcow2Chunk.Packed"/>, or plain, in <see cref="Qcow2Chunk.Data"/>.</param>
/// <param name="Offset">First byte in that buffer.</param>
/// <param name="Length">Bytes.</param>
internal readonly record struct StoredCluster(long Index, bool Compressed, int Offset, int Length);

/// <summary>A chunk of the disk after the parallel half of the work: what to store, and its digest. </summary>
internal sealed class Qcow2Chunk
{
    public required SharedBuffer Data { get; init; }

    public required SharedBuffer Packed { get; init; }

    public List<StoredCluster> Clusters { get; } = [];

    public BlockHashes? Hashes { get; set; }

    public int PassedThrough { get; set; }

    public int DataBytes { get; set; }
}
