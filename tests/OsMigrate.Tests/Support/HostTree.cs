namespace OsMigrate.Tests.Support;

/// <summary>Files of /proc, /sys and /etc as a host would have them, made by hand and written below a folder.</summary>
public sealed class HostTree
{
    private readonly Dictionary<string, string> _files = new(StringComparer.Ordinal);
    private readonly List<string> _folders = [];

    public static HostTree Intel => Cpu("GenuineIntel", "Intel(R) Xeon(R) Gold 6338 CPU @ 2.00GHz", "vmx est ept vpid")
        .File("/proc/modules", "kvm_intel 368640 0 - Live 0x0\nkvm 1138688 1 kvm_intel, Live 0x0\n").Folder("/sys/module/kvm").Folder("/sys/module/kvm_intel")
        .File("/sys/module/kvm_intel/parameters/nested", "Y\n").File("/sys/module/kvm_intel/parameters/ept", "Y\n").File("/dev/kvm", "")
        .Folder("/sys/class/iommu/dmar0").Folder("/sys/class/iommu/dmar1").Folder("/sys/kernel/iommu_groups/0").File("/sys/firmware/acpi/tables/DMAR", "x")
        .File("/sys/class/dmi/id/sys_vendor", "Dell Inc.\n").File("/sys/class/dmi/id/product_name", "PowerEdge R650\n").File("/proc/cmdline", "root=UUID=1 intel_iommu=on\n")
        .File("/sys/kernel/mm/hugepages/hugepages-1048576kB/nr_hugepages", "16\n").File("/sys/kernel/mm/hugepages/hugepages-1048576kB/free_hugepages", "4\n")
        .File("/sys/kernel/mm/transparent_hugepage/enabled", "always [madvise] never\n");

    public static HostTree Amd => Cpu("AuthenticAMD", "AMD EPYC 7543 32-Core Processor", "svm npt")
        .Folder("/sys/module/kvm").Folder("/sys/module/kvm_amd").File("/sys/module/kvm_amd/parameters/nested", "1\n").File("/sys/module/kvm_amd/parameters/npt", "Y\n")
        .File("/dev/kvm", "").Folder("/sys/class/iommu/ivhd0").File("/sys/firmware/acpi/tables/IVRS", "x").File("/sys/class/dmi/id/sys_vendor", "Supermicro\n");

    /// <summary>Linux 5.6 and later take the flag away and say so; older kernels leave the flag, and the module does not load.</summary>
    public static HostTree DisabledByFirmware(bool old) => (old
            ? Cpu("GenuineIntel", "Intel(R) Core(TM) i7-6700", "vmx ept").File("/var/log/dmesg", "[    5.1] kvm: disabled by bios\n")
            : Cpu("GenuineIntel", "Intel(R) Xeon(R) Silver 4310", "").File("/var/log/dmesg", "[    0.1] x86/cpu: VMX (outside TXT) disabled by BIOS\n"))
        .Folder("/sys/module/kvm").File("/dev/null", "");

    /// <summary>A guest of KVM that may run KVM itself.</summary>
    public static HostTree NestedInKvm => Cpu("GenuineIntel", "Intel Xeon Processor (Icelake)", "hypervisor vmx ept")
        .Folder("/sys/module/kvm").Folder("/sys/module/kvm_intel").File("/sys/module/kvm_intel/parameters/nested", "Y\n").File("/dev/kvm", "")
        .File("/sys/class/dmi/id/sys_vendor", "QEMU\n").File("/sys/class/dmi/id/product_name", "Standard PC (Q35 + ICH9, 2009)\n");

    public static HostTree XenDom0 => Cpu("GenuineIntel", "Intel(R) Xeon(R) E-2288G", "hypervisor")
        .File("/proc/xen/capabilities", "control_d\n").File("/sys/hypervisor/type", "xen\n").File("/sys/hypervisor/guest_type", "PV\n")
        .File("/sys/hypervisor/version/major", "4\n").File("/sys/hypervisor/version/minor", "17\n").File("/sys/hypervisor/version/extra", ".3\n").File("/dev/null", "");

    public static HostTree XcpNg => XenDom0
        .File("/etc/xensource-inventory", "PRODUCT_BRAND='XCP-ng'\nPRODUCT_NAME='xenenterprise'\nPRODUCT_VERSION='8.2.1'\nPLATFORM_VERSION='3.2.1'\n").File("/etc/os-release", "NAME=\"XCP-ng\"\nPRETTY_NAME=\"XCP-ng 8.2.1\"\n");

    public static HostTree XenPvGuest => Cpu("GenuineIntel", "Intel(R) Xeon(R) E5-2670", "hypervisor").File("/sys/hypervisor/type", "xen\n").File("/proc/xen/capabilities", "").Folder("/sys/module/xen_blkfront").File("/dev/null", "");

    public static HostTree XenHvmGuest => Cpu("GenuineIntel", "Intel(R) Xeon(R) E5-2670", "hypervisor")
        .File("/sys/hypervisor/type", "xen\n").File("/sys/class/dmi/id/product_name", "HVM domU\n").File("/sys/class/dmi/id/sys_vendor", "Xen\n").File("/dev/null", "");

    public static HostTree InVMware(bool passedOn) => Cpu("GenuineIntel", "Intel(R) Xeon(R) Gold 6130", passedOn ? "hypervisor vmx ept" : "hypervisor")
        .File("/sys/class/dmi/id/sys_vendor", "VMware, Inc.\n").File("/sys/class/dmi/id/product_name", "VMware7,1\n").Folder("/sys/module/vmw_pvscsi").File("/dev/null", "");

    /// <summary>The ARM core whose number the well-known grep looks for.</summary>
    public static HostTree CortexA15 => new HostTree()
        .File("/proc/cpuinfo", "processor\t: 0\nmodel name\t: ARMv7 Processor rev 4 (v7l)\nFeatures\t: swp half thumb fastmult vfp edsp neon vfpv3 tls vfpv4 idiva idivt lpae\nCPU implementer\t: 0x41\nCPU architecture: 7\nCPU variant\t: 0x2\nCPU part\t: 0xc0f\nCPU revision\t: 4\n")
        .Folder("/sys/module/kvm").File("/dev/kvm", "").File("/var/log/dmesg", "[    0.2] kvm [1]: Hyp mode initialized successfully\n");

    public static HostTree Arm64 => new HostTree()
        .File("/proc/cpuinfo", "processor\t: 0\nBogoMIPS\t: 50.00\nFeatures\t: fp asimd evtstrm aes pmull sha1 sha2 crc32 atomics\nCPU implementer\t: 0x41\nCPU architecture: 8\nCPU variant\t: 0x3\nCPU part\t: 0xd0c\nCPU revision\t: 1\n")
        .File("/dev/kvm", "").File("/var/log/dmesg", "[    0.1] kvm [1]: VHE mode initialized successfully\n");

    public static HostTree Mainframe => new HostTree()
        .File("/proc/cpuinfo", "vendor_id       : IBM/S390\n# processors    : 2\nfeatures\t: esan3 zarch stfle msa ldisp eimm dfp edat etf3eh highgprs te vx sie\nprocessor 0: version = FF,  identification = 1,  machine = 3906\n")
        .Folder("/sys/module/kvm").File("/dev/kvm", "");

    public HostTree File(string path, string text)
    {
        _files[path] = text;
        return this;
    }

    public HostTree Folder(string path)
    {
        _folders.Add(path);
        return this;
    }

    /// <summary>Writes it below a folder.</summary>
    /// <returns>The folder.</returns>
    public string Write(string root)
    {
        foreach (var folder in _folders)
            Directory.CreateDirectory(root + folder);
        foreach (var (path, text) in _files)
        {
            Directory.CreateDirectory(Path.GetDirectoryName(root + path)!);
            System.IO.File.WriteAllText(root + path, text);
        }

        return root;
    }

    private static HostTree Cpu(string vendor, string model, string flags)
        => new HostTree().File("/proc/cpuinfo", string.Concat(Enumerable.Range(0, 2).Select(i => $"processor\t: {i}\nvendor_id\t: {vendor}\ncpu family\t: 6\nmodel name\t: {model}\nflags\t\t: fpu vme msr pae sse2 lm {flags}\nbugs\t\t: spectre_v1\n\n")));
}
