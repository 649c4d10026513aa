using System.Buffers.Binary;
using OsMigrate.Bytes;

namespace OsMigrate.Disks.Vmdk;

/// <summary>Tables of 32-bit sector numbers: hosted sparse and COWD. 0 is absent; 1 is a zero grain where the header says so.</summary>
/// <remarks>Source: VMware Virtual Disks, Virtual Disk Format 5.0, "Grain Directory", "Grain Table Entry".</remarks>
internal sealed class SectorGrainTables(ByteStore store, long directoryOffset, int tableEntries, long grainCount, bool zeroGrains)
    : GrainTables(store, directoryOffset, tableEntries, sizeof(uint), grainCount)
{
    public override long TableOffset(long tableNumber) => (long)BinaryPrimitives.ReadUInt32LittleEndian(DirectoryEntry(tableNumber)) * VmdkFormat.SectorSize;

    protected override VmdkRunKind Entry(ReadOnlySpan<byte> table, int index, out long offset)
    {
        var sector = BinaryPrimitives.ReadUInt32LittleEndian(table.Slice(index * sizeof(uint)));
        offset = (long)sector * VmdkFormat.SectorSize;
        return sector == 0 ? VmdkRunKind.Absent : zeroGrains && sector == 1 ? VmdkRunKind.Zero : VmdkRunKind.Data;
    }
}
