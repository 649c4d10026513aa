using System.Globalization;

namespace OsMigrate.Partitions;

/// <summary>Partition types in words: those that virtual machines have.</summary>
/// <remarks>
/// GPT: UEFI Specification 2.10 section 5.3.3, Microsoft "PARTITION_INFORMATION_GPT", the Discoverable Partitions Specification of UAPI.
/// MBR: the list of partition identifiers kept by Andries Brouwer.
/// </remarks>
internal static class PartitionTypes
{
    private static readonly Dictionary<byte, string> Mbr = new()
    {
        [0x01] = "FAT12",
        [0x04] = "FAT16 (small)",
        [0x05] = "Extended",
        [0x06] = "FAT16",
        [0x07] = "NTFS or exFAT",
        [0x0b] = "FAT32",
        [0x0c] = "FAT32 (LBA)",
        [0x0e] = "FAT16 (LBA)",
        [0x0f] = "Extended (LBA)",
        [0x11] = "Hidden FAT12",
        [0x12] = "Vendor recovery",
        [0x27] = "Windows recovery",
        [0x42] = "Windows dynamic disk",
        [0x82] = "Linux swap",
        [0x83] = "Linux",
        [0x85] = "Linux extended",
        [0x8e] = "Linux LVM",
        [0xa5] = "FreeBSD",
        [0xa6] = "OpenBSD",
        [0xa9] = "NetBSD",
        [0xaf] = "Apple HFS",
        [0xbf] = "Solaris",
        [0xee] = "GPT protective",
        [0xef] = "EFI system",
        [0xfb] = "VMware VMFS",
        [0xfc] = "VMware core dump",
        [0xfd] = "Linux RAID",
    };

    private static readonly Dictionary<Guid, string> Gpt = new()
    {
        [new Guid("c12a7328-f81f-11d2-ba4b-00a0c93ec93b")] = "EFI system",
        [new Guid("21686148-6449-6e6f-744e-656564454649")] = "BIOS boot",
        [new Guid("024dee41-33e7-11d3-9d69-0008c781f39f")] = "MBR scheme",
        [new Guid("e3c9e316-0b5c-4db8-817d-f92df00215ae")] = "Microsoft reserved",
        [new Guid("ebd0a0a2-b9e5-4433-87c0-68b6b72699c7")] = "Microsoft basic data",
        [new Guid("5808c8aa-7e8f-42e0-85d2-e1e90434cfb3")] = "Windows dynamic disk metadata",
        [new Guid("af9b60a0-1431-4f62-bc68-3311714a69ad")] = "Windows dynamic disk data",
        [new Guid("de94bba4-06d1-4d40-a16a-bfd50179d6ac")] = "Windows recovery",
        [new Guid("e75caf8f-f680-4cee-afa3-b001e56efc2d")] = "Windows storage spaces",
        [new Guid("0fc63daf-8483-4772-8e79-3d69d8477de4")] = "Linux",
        [new Guid("0657fd6d-a4ab-43c4-84e5-0933c84b4f4f")] = "Linux swap",
        [new Guid("e6d6d379-f507-44c2-a23c-238f2a3df928")] = "Linux LVM",
        [new Guid("a19d880f-05fc-4d3b-a006-743f0f84911e")] = "Linux RAID",
        [new Guid("933ac7e1-2eb4-4f13-b844-0e14e2aef915")] = "Linux home",
        [new Guid("3b8f8425-20e0-4f3b-907f-1a25a76f98e8")] = "Linux server data",
        [new Guid("bc13c2ff-59e6-4262-a352-b275fd6f7172")] = "Linux extended boot",
        [new Guid("4f68bce3-e8cd-4db1-96e7-fbcaf984b709")] = "Linux root (x86-64)",
        [new Guid("44479540-f297-41b2-9af7-d131d5f0458a")] = "Linux root (x86)",
        [new Guid("b921b045-1df0-41c3-af44-4c6f280d3fae")] = "Linux root (ARM64)",
        [new Guid("ca7d7ccb-63ed-4c53-861c-1742536059cc")] = "Linux LUKS",
        [new Guid("9e1a2d38-c612-4316-aa26-8b49521e5a8b")] = "PowerPC PReP boot",
        [new Guid("83bd6b9d-7f41-11dc-be0b-001560b84f0f")] = "FreeBSD boot",
        [new Guid("516e7cb4-6ecf-11d6-8ff8-00022d09712b")] = "FreeBSD data",
        [new Guid("516e7cb5-6ecf-11d6-8ff8-00022d09712b")] = "FreeBSD swap",
        [new Guid("516e7cb6-6ecf-11d6-8ff8-00022d09712b")] = "FreeBSD UFS",
        [new Guid("516e7cba-6ecf-11d6-8ff8-00022d09712b")] = "FreeBSD ZFS",
        [new Guid("48465300-0000-11aa-aa11-00306543ecac")] = "Apple HFS+",
        [new Guid("7c3457ef-0000-11aa-aa11-00306543ecac")] = "Apple APFS",
        [new Guid("aa31e02a-400f-11db-9590-000c2911d1b8")] = "VMware VMFS",
        [new Guid("9d275380-40ad-11db-bf97-000c2911d1b8")] = "VMware core dump",
        [new Guid("9198effc-31c0-11db-8f78-000c2911d1b8")] = "VMware reserved",
    };

    public static string MbrName(byte type)
        => Mbr.TryGetValue(type, out var name) ? name : "0x" + type.ToString("x2", CultureInfo.InvariantCulture);

    public static string GptName(Guid type)
        => Gpt.TryGetValue(type, out var name) ? name : type.ToString("d", CultureInfo.InvariantCulture);
}
