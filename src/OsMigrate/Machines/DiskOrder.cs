namespace OsMigrate.Machines;

/// <summary>Which bus a machine's firmware tries first when nothing states a boot order.</summary>
internal static class DiskOrder
{
    /// <param name="ideFirst">
    /// VirtualBox's BIOS looks at IDE, then SATA, then SCSI. On VMware's machines the system disk hangs on SCSI or NVMe, while SATA and IDE
    /// carry the CD drive or a disk that was added later.
    /// </param>
    public static int Rank(DiskBus bus, bool ideFirst) => bus switch
    {
        DiskBus.Ide => ideFirst ? 0 : 5,
        DiskBus.Virtio => 1,
        DiskBus.Scsi => ideFirst ? 3 : 2,
        DiskBus.Sata => ideFirst ? 2 : 4,
        DiskBus.Nvme => 3,
        _ => 6,
    };
}
