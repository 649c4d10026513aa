namespace OsMigrate.Hypervisors;

/// <summary>What a host itself runs in.</summary>
/// <param name="Kind">KVM, VMware, Hyper-V, Xen HVM, Xen PV, Xen PVH, Xen dom0, QEMU/TCG, bhyve ...; "bare metal"; "a hypervisor that does not say its name"; or "unknown".</param>
/// <param name="Evidence">By what that was seen.</param>
internal sealed record Surroundings(string Kind, string Evidence)
{
    public const string BareMetal = "bare metal";
    public const string Dom0 = "Xen dom0";
    public const string HyperVParent = "Hyper-V parent partition";
    public const string Nameless = "a hypervisor that does not say its name";
    public const string Unknown = "unknown";

    /// <summary>Signatures of leaf 0x40000000. Sources: Linux, arch/x86/kernel/cpu and kvm_para.h; the makers' own documents; QEMU, target/i386/kvm and tcg.</summary>
    private static readonly Dictionary<string, string> Signatures = new(StringComparer.Ordinal)
    {
        ["KVMKVMKVM"] = "KVM",
        ["Linux KVM Hv"] = "KVM",
        ["TCGTCGTCGTCG"] = "QEMU/TCG",
        ["VMwareVMware"] = "VMware",
        [CpuidFacts.HyperV] = "Hyper-V",
        ["XenVMMXenVMM"] = "Xen",
        ["bhyve bhyve"] = "bhyve",
        ["VBoxVBoxVBox"] = "VirtualBox",
        ["prl hyperv"] = "Parallels",
        ["lrpepyh vr"] = "Parallels",
        ["ACRNACRNACRN"] = "ACRN",
        ["QNXQVMBSQG"] = "QNX",
        ["HAXMHAXMHAXM"] = "HAXM",
        ["OpenBSDVMM58"] = "OpenBSD vmm",
        ["UnisysSpar64"] = "Unisys s-Par",
        ["Jailhouse"] = "Jailhouse",
    };

    /// <summary>Parts of the DMI names that machines of hypervisors have.</summary>
    private static readonly KeyValuePair<string, string>[] Boards =
    [
        new("VMware", "VMware"), new("VirtualBox", "VirtualBox"), new("innotek", "VirtualBox"), new("HVM domU", "Xen HVM"), new("Xen", "Xen HVM"),
        new("Virtual Machine", "Hyper-V"), new("OpenStack", "KVM or QEMU (OpenStack)"), new("RHEV", "KVM"), new("oVirt", "KVM"), new("KVM", "KVM"), new("Standard PC", "KVM or QEMU"), new("QEMU", "KVM or QEMU"),
        new("Google Compute Engine", "KVM (Google)"), new("Amazon EC2", "KVM or Xen (Amazon)"), new("Alibaba Cloud", "KVM (Alibaba)"), new("BHYVE", "bhyve"), new("Parallels", "Parallels"), new("Apple Virtualization", "Apple Virtualization"),
    ];

    public bool IsGuest => Kind is not (BareMetal or Dom0 or HyperVParent or Unknown);

    public static Surroundings Of(HostFacts facts, ProcessorFacts? processor)
    {
        if (Xen(facts) is { } xen)
            return xen;
        if (facts.Cpuid is { HypervisorPresent: true, Signature: { Length: > 0 } signature })
        {
            if (facts.Cpuid.IsHyperVParent)
                return new Surroundings(HyperVParent, "CPUID 0x40000003: may make partitions");
            return new Surroundings(Signatures.TryGetValue(signature, out var name) ? name : $"a hypervisor named '{signature}'", $"CPUID 0x40000000: {signature}");
        }

        if (Board(facts) is { } board && (processor is null || processor.Architecture != "x86" || processor.IsGuest))
            return board;
        if (facts.Line("/proc/device-tree/hypervisor/compatible") is { } tree)
            return new Surroundings(tree.StartsWith("linux,kvm", StringComparison.Ordinal) ? "KVM" : tree, "device tree: hypervisor/compatible");
        if (facts.Line("/proc/sysinfo") is { } system && system.Contains("Control Program"))
            return new Surroundings(system.Contains("KVM") ? "KVM" : "z/VM", "/proc/sysinfo: VM00 Control Program");
        if (facts.Answer("virt-what") is { } said && said != "none")
            return new Surroundings(said, "systemd-detect-virt");
        if (processor?.IsGuest == true || facts.Cpuid?.HypervisorPresent == true)
            return new Surroundings(Nameless, "CPU flag 'hypervisor'");
        return processor?.Architecture == "x86" ? new Surroundings(BareMetal, "no CPU flag 'hypervisor'") : new Surroundings(Unknown, "nothing tells");
    }

    /// <summary>Xen tells by its own file system in dom0, and to PV guests that see no CPUID leaf.</summary>
    private static Surroundings? Xen(HostFacts facts)
    {
        if (facts.Text("/proc/xen/capabilities")?.Contains("control_d") == true)
            return new Surroundings(Dom0, "/proc/xen/capabilities: control_d");
        if (facts.Line("/sys/hypervisor/type") != "xen")
            return null;
        var way = facts.Line("/sys/hypervisor/guest_type") ?? (facts.Cpuid is { HypervisorPresent: true } || facts.Line("/sys/class/dmi/id/product_name") == "HVM domU" ? "HVM" : "PV");
        return new Surroundings("Xen " + way, "/sys/hypervisor/type: xen");
    }

    private static Surroundings? Board(HostFacts facts)
    {
        foreach (var name in new[] { "product_name", "sys_vendor", "bios_vendor" })
        {
            var value = Dmi(facts, name);
            // Hyper-V's is only told from Microsoft's own tablets by both names.
            if (value is null || (value == "Virtual Machine" && Dmi(facts, "sys_vendor")?.Contains("Microsoft") != true))
                continue;
            foreach (var board in Boards.Where(b => value.IndexOf(b.Key, StringComparison.OrdinalIgnoreCase) >= 0))
                return new Surroundings(board.Value, $"DMI {name}: {value}");
        }

        return null;
    }

    internal static string? Dmi(HostFacts facts, string name) => facts.Line("/sys/class/dmi/id/" + name) ?? facts.Line("/sys/devices/virtual/dmi/id/" + name);
}
