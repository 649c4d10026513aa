using System.Buffers.Binary;
using OsMigrate.Bytes;

namespace OsMigrate.FileSystems;

/// <summary>Tells what a partition holds from its first 68 KiB, without opening it.</summary>
/// <remarks>
/// Sources: Microsoft, "BPB and extended BPB for NTFS", "FAT32 File System Specification", [MS exFAT]; libbde documentation, "BitLocker volume header";
/// kernel.org, ext4 "Super Block"; XFS Algorithms &amp; Data Structures; btrfs wiki, "On-disk Format"; LVM2 label_header; linux mkswap(8).
/// </remarks>
public static class VolumeProbe
{
    private const int HeadBytes = 0x11000;

    private static readonly Guid BitLockerToGo = new("4967d63b-2e29-4ad8-8399-f6a339e3d001");

    public static VolumeKind Detect(ByteStore store)
    {
        var head = store.ReadBytes(0, (int)Math.Min(store.Length, HeadBytes));
        return head.Length < 512 ? VolumeKind.Unknown : Detect(head);
    }

    private static VolumeKind Detect(byte[] head)
    {
        if (Has(head, 3, "NTFS    "u8))
            return VolumeKind.Ntfs;
        if (Has(head, 3, "EXFAT   "u8))
            return VolumeKind.ExFat;
        if (Has(head, 3, "-FVE-FS-"u8) || (Has(head, 3, "MSWIN4.1"u8) && new Guid(head.AsSpan(0x1A8, 16).ToArray()) == BitLockerToGo))
            return VolumeKind.BitLocker;
        if (Has(head, 3, "ReFS\0\0\0\0"u8))
            return VolumeKind.ReFs;
        if (Has(head, 0xC00, "PRIVHEAD"u8))
            return VolumeKind.Ldm;
        var linux = DetectLinux(head);
        return linux != VolumeKind.Unknown ? linux : DetectFat(head);
    }

    private static VolumeKind DetectLinux(byte[] head)
    {
        if (Has(head, 0, "XFSB"u8))
            return VolumeKind.Xfs;
        if (Has(head, 0, "LUKS"u8) && head[4] == 0xBA && head[5] == 0xBE)
            return VolumeKind.Luks;
        if (Has(head, 0x10040, "_BHRfS_M"u8))
            return VolumeKind.Btrfs;
        for (var sector = 0; sector < 4; sector++)
        {
            if (Has(head, sector * 512, "LABELONE"u8) && Has(head, (sector * 512) + 24, "LVM2 001"u8))
                return VolumeKind.Lvm;
        }

        // The mark stands at the end of the first page, and pages differ between processors.
        for (var page = 4096; page <= 65536; page *= 2)
        {
            if (Has(head, page - 10, "SWAPSPACE2"u8) || Has(head, page - 10, "SWAP-SPACE"u8))
                return VolumeKind.Swap;
        }

        return Has(head, 1024 + 56, [0x53, 0xEF]) ? VolumeKind.Ext : VolumeKind.Unknown;
    }

    private static VolumeKind DetectFat(byte[] head)
    {
        var sector = (int)U16(head, 11);
        int perCluster = head[13], reserved = U16(head, 14), tables = head[16], rootEntries = U16(head, 17);
        if (head[510] != 0x55 || head[511] != 0xAA || head[0] is not (0xEB or 0xE9) || sector is < 512 or > 4096 || (sector & (sector - 1)) != 0
            || perCluster == 0 || (perCluster & (perCluster - 1)) != 0 || reserved == 0 || tables is 0 or > 4 || head[21] is not (0xF0 or >= 0xF8))
        {
            return VolumeKind.Unknown;
        }

        long total = U16(head, 19) != 0 ? U16(head, 19) : BinaryPrimitives.ReadUInt32LittleEndian(head.AsSpan(32));
        long perTable = U16(head, 22) != 0 ? U16(head, 22) : BinaryPrimitives.ReadUInt32LittleEndian(head.AsSpan(36));
        var data = total - reserved - (tables * perTable) - (((rootEntries * 32L) + sector - 1) / sector);
        if (total == 0 || perTable == 0 || data <= 0)
            return VolumeKind.Unknown;
        if (U16(head, 22) == 0)
            return VolumeKind.Fat32;
        return data / perCluster < 4085 ? VolumeKind.Fat12 : VolumeKind.Fat16;
    }

    private static ushort U16(byte[] bytes, int at) => BinaryPrimitives.ReadUInt16LittleEndian(bytes.AsSpan(at));

    private static bool Has(byte[] head, int at, ReadOnlySpan<byte> mark)
        => at + mark.Length <= head.Length && head.AsSpan(at, mark.Length).SequenceEqual(mark);
}
