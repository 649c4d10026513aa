namespace OsMigrate.Hypervisors.Collection;

/// <summary>What is read of a Linux, Xen or ESXi host. A * stands for any name within one part of a path. No file here holds secrets.</summary>
/// <remarks>Sources: Linux, Documentation/ABI (sysfs-hypervisor-xen, sysfs-kernel-mm-hugepages, sysfs-class-iommu); proc(5); xl(1).</remarks>
internal static class HostPaths
{
    /// <summary>The most that is kept of one file, in bytes.</summary>
    public const int LargestFile = 256 << 10;

    /// <summary>The most entries of a folder, and files for one pattern.</summary>
    public const int MostNames = 4096;

    public static readonly IReadOnlyList<string> Files =
    [
        "/proc/cpuinfo", "/proc/modules", "/proc/cmdline", "/proc/version", "/proc/meminfo", "/proc/sysinfo",
        "/proc/xen/capabilities",
        "/proc/device-tree/hypervisor/compatible", "/proc/device-tree/model",
        "/sys/hypervisor/type", "/sys/hypervisor/guest_type", "/sys/hypervisor/properties/features",
        "/sys/hypervisor/version/major", "/sys/hypervisor/version/minor", "/sys/hypervisor/version/extra",
        "/sys/class/dmi/id/sys_vendor", "/sys/class/dmi/id/product_name", "/sys/class/dmi/id/product_version", "/sys/class/dmi/id/bios_vendor", "/sys/class/dmi/id/bios_version",
        // Where the folder before is a link to; copies of a host often lack the link.
        "/sys/devices/virtual/dmi/id/sys_vendor", "/sys/devices/virtual/dmi/id/product_name", "/sys/devices/virtual/dmi/id/product_version",
        "/sys/devices/virtual/dmi/id/bios_vendor", "/sys/devices/virtual/dmi/id/bios_version",
        "/sys/module/kvm/parameters/*", "/sys/module/kvm_intel/parameters/*", "/sys/module/kvm_amd/parameters/*", "/sys/module/kvm_hv/parameters/*",
        "/sys/devices/system/cpu/online",
        "/sys/kernel/mm/hugepages/*/nr_hugepages", "/sys/kernel/mm/hugepages/*/free_hugepages", "/sys/kernel/mm/transparent_hugepage/enabled",
        "/etc/os-release", "/etc/xensource-inventory", "/etc/vmware-release",
        "/var/log/dmesg", "/var/log/kern.log",
    ];

    public static readonly IReadOnlyList<string> Folders =
    [
        "/sys/module", "/sys/class/iommu", "/sys/kernel/iommu_groups", "/sys/firmware/acpi/tables", "/sys/kernel/mm/hugepages", "/sys/hypervisor", "/proc/xen", "/dev",
    ];

    /// <summary>Commands by name, as the host's shell runs them. Each is optional: what is not installed answers nothing.</summary>
    public static readonly IReadOnlyList<KeyValuePair<string, string>> Commands =
    [
        new("uname", "uname -srm"),
        new("hostname", "uname -n"),
        new("id", "id"),
        new("kvm-mode", "stat -c '%a %U %G' /dev/kvm"),
        new("kvm-acl", "command -v getfacl >/dev/null && getfacl -cp /dev/kvm"),
        new("kvm-access", "for way in r w; do test -$way /dev/kvm && echo $way; done"),
        new("dmesg", "dmesg | grep -iE 'kvm|vmx|svm|bios|iommu|dmar|amd-vi|hypervisor|xen|el2|hyp mode' | tail -n 200"),
        new("msr-3a", "test -r /dev/cpu/0/msr && dd if=/dev/cpu/0/msr bs=8 count=1 iflag=skip_bytes skip=58 2>/dev/null | od -An -tx8"),
        new("msr-vm-cr", "test -r /dev/cpu/0/msr && dd if=/dev/cpu/0/msr bs=8 count=1 iflag=skip_bytes skip=3221291284 2>/dev/null | od -An -tx8"),
        new("libvirt", "for p in libvirtd virtqemud; do command -v $p >/dev/null && $p --version && break; done"),
        new("qemu", "for p in qemu-system-$(uname -m) qemu-kvm /usr/libexec/qemu-kvm kvm; do command -v $p >/dev/null && $p --version | head -n 1 && break; done"),
        new("nova", "grep -hE '^[[:space:]]*(virt_type|compute_driver|cpu_mode)[[:space:]]*=' /etc/nova/nova.conf /etc/nova/nova-compute.conf /etc/nova/nova.conf.d/*.conf /etc/kolla/nova-compute/nova.conf 2>/dev/null"),
        new("nova-unreadable", "for f in /etc/nova/nova.conf /etc/nova/nova-compute.conf; do test -e $f && ! test -r $f && echo $f; done"),
        new("virt-what", "command -v systemd-detect-virt >/dev/null && systemd-detect-virt"),
        new("xl", "command -v xl >/dev/null && xl info"),
        new("esxi", "command -v vmware >/dev/null && vmware -v"),
        new("esxi-hv", "command -v esxcli >/dev/null && esxcli hardware cpu global get"),
        new("python3", "command -v python3"),
    ];
}
