namespace OsMigrate.Hypervisors;

/// <summary>One thing in which Xen and KVM differ, and what that means when a guest moves from the one to the other.</summary>
/// <param name="Topic">What it is about.</param>
/// <param name="Xen">How it is on Xen, XCP-ng and XenServer.</param>
/// <param name="Kvm">How it is on KVM with QEMU, as Nova makes its servers.</param>
/// <param name="ToDo">What to do when a guest moves.</param>
public sealed record HypervisorDifference(string Topic, string Xen, string Kvm, string ToDo)
{
    /// <remarks>
    /// Sources: Xen Project, xl.cfg(5), xen-vbd-interface(7), pygrub; Linux, drivers/block/xen-blkfront.c, drivers/net/xen-netfront.c, drivers/tty/hvc, drivers/virtio,
    /// Documentation/virt/kvm; XenServer and XCP-ng, "VMs: import and export"; OpenStack Nova, "Useful image properties".
    /// </remarks>
    public static IReadOnlyList<HypervisorDifference> All { get; } =
    [
        new("Kind", "type-1: a small hypervisor of its own; dom0, a privileged guest, drives the devices", "type-1: the Linux kernel is the hypervisor; QEMU gives the devices. QEMU alone (TCG) is type-2 and translates", "nothing in the guest"),
        new("Guest modes", "PV, HVM, PVH", "hardware virtualization only, with paravirtual devices", "PV and PVH guests must be made bootable on ordinary hardware: kernel, boot loader, console"),
        new("Kernel", "PV guests may have a kernel for Xen only (linux-image-xen, kernel-xen)", "any kernel that boots on a PC", "install the distribution's ordinary kernel before moving"),
        new("Boot loader", "PV: pygrub or PvGrub read the kernel out of the guest's disk; the disk may have no boot code, even no partition table", "SeaBIOS or OVMF start from the disk", "give the disk a partition table, install GRUB into it, write grub.cfg anew"),
        new("Disk", "xen-blkfront (vbd, xenbus): /dev/xvda; HVM guests may also know it as /dev/hda or sda", "virtio-blk: /dev/vda; virtio-scsi: /dev/sda", "UUIDs in fstab, crypttab and root=; virtio_pci, virtio_blk and virtio_scsi in the initramfs"),
        new("Network", "xen-netfront: eth0, enX0", "virtio_net: ens3, enp1s0", "match by MAC address in netplan, NetworkManager and udev rules; keep the MAC (New-NeutronPort)"),
        new("Console", "hvc0 (PV), VGA (HVM)", "ttyS0, VGA", "console=ttyS0 on the kernel's command line, serial-getty@ttyS0 instead of hvc0"),
        new("Clock", "clocksource xen; PV guests follow dom0, independent_wallclock", "kvm-clock; RTC in UTC, local time for Windows (os_type=windows)", "take clocksource=xen off the command line; run chrony or w32time"),
        new("Guest tools", "xe-guest-utilities, xen-vm tools", "qemu-guest-agent (hw_qemu_guest_agent=yes)", "remove the first, install the second"),
        new("Windows drivers", "xenbus, xenvbd, xennet, with filters on device classes; they take emulated disks away", "viostor or vioscsi, NetKVM", "remove the PV drivers before moving, else 0x7B; then Convert-ToOpenStack -VirtioDriver"),
        new("Machine", "hvmloader or OVMF, xenfv (i440FX)", "SeaBIOS or OVMF, pc or q35", "hw_firmware_type and hw_machine_type as the guest was installed"),
        new("Disk format", "VHD chains in a storage repository, LVM volumes, raw files", "qcow2, raw, Ceph RBD", "export the VHD or raw and Convert-DiskImage; coalesce snapshots first"),
        new("Export", "xe vm-export: XVA; XenCenter: OVA with VHD", "image upload to Glance", "OVA and VHD are read by Convert-ToOpenStack; an XVA has to be exported as OVA or VHD"),
        new("Live migration", "xl migrate, xe vm-migrate: between Xens", "Nova: between KVM hosts", "none across: a short stop is needed"),
        new("Passthrough", "xen-pciback", "vfio-pci, IOMMU", "pci aliases and flavors in Nova"),
        new("Memory", "balloon, max and target; PV page tables", "balloon by virtio, hugepages", "size the flavor by the maximum"),
    ];
}
