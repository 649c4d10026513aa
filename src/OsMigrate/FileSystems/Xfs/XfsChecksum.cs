using System.Buffers.Binary;
using OsMigrate.Bytes;

namespace OsMigrate.FileSystems.Xfs;

/// <summary>What every structure of version 5 has: a CRC-32C, in little endian, its own place counted as zero; and the volume's UUID.</summary>
/// <remarks>Source: "XFS Algorithms &amp; Data Structures", chapter "Self-Describing Metadata".</remarks>
internal static class XfsChecksum
{
    private const uint OwnUuid = 0x4;

    /// <param name="sum">Offset of the checksum in the structure.</param>
    /// <param name="uuid">Offset of the UUID; negative when there is none to compare.</param>
    /// <param name="place">Byte offset of the structure in the volume, for the error.</param>
    /// <exception cref="InvalidImageException">It is not what was written, or not of this volume.</exception>
    public static void Check(XfsVolume volume, byte[] bytes, int sum, int uuid, long place)
    {
        var state = Crc32C.Append(Crc32C.Append(Crc32C.Start, bytes.AsSpan(0, sum)), [0, 0, 0, 0]);
        var found = Crc32C.Finish(Crc32C.Append(state, bytes.AsSpan(sum + 4)));
        if (BinaryPrimitives.ReadUInt32LittleEndian(bytes.AsSpan(sum)) is var noted && noted != found)
            throw new InvalidImageException(ErrorIds.BadChecksum, volume.Store.Name, place, $"the structure of the XFS file system has the checksum {found:x}, {noted:x} is noted");
        // A volume that was given another name for its mounts keeps the first one in its structures.
        var super = volume.Super.Bytes;
        var own = (BinaryPrimitives.ReadUInt32BigEndian(super.AsSpan(216)) & OwnUuid) != 0 ? 248 : 32;
        if (uuid >= 0 && !bytes.AsSpan(uuid, 16).SequenceEqual(super.AsSpan(own, 16)))
            throw new InvalidImageException(ErrorIds.BadStructure, volume.Store.Name, place, "the structure belongs to another XFS file system");
    }
}
