namespace OsMigrate.Hypervisors.Checks;

/// <summary>Whether the processor shows that it can virtualize, for each architecture in its own way.</summary>
internal static class ProcessorCheck
{
    private const string Name = "CPU flag";

    /// <summary>Part numbers of ARMv7 cores with the virtualization extensions. 0xc0f, the Cortex-A15, is the one that the well-known grep looks for.</summary>
    private static readonly string[] VirtualizingArm7 = ["0xc07", "0xc0e", "0xc0f"];

    public static HostCheck Of(HostFacts facts, ProcessorFacts processor, Surroundings surroundings) => processor.Architecture switch
    {
        "x86" => X86(processor, surroundings),
        "arm" => Arm(facts, processor),
        "s390" => processor.VirtualizationFlag is null
            ? new HostCheck(Name, CheckState.Failed, "s390x without the feature 'sie'", "Let the machine, or the z/VM or KVM it runs in, pass on interpretive execution (SIE).")
            : new HostCheck(Name, CheckState.Passed, "s390x with 'sie' (interpretive execution)"),
        "power" => facts.Names("/sys/module")?.Contains("kvm_hv") == true
            ? new HostCheck(Name, CheckState.Passed, "POWER with kvm_hv")
            : new HostCheck(Name, CheckState.Unknown, "POWER shows no flag; KVM needs hypervisor mode (PowerNV) or nested KVM", "modprobe kvm_hv, then run this again."),
        "riscv" => new HostCheck(Name, CheckState.Unknown, "RISC-V: the extension 'h' is what counts; it is not read here"),
        _ => new HostCheck(Name, CheckState.Unknown, "/proc/cpuinfo is of a kind that is not known here"),
    };

    private static HostCheck X86(ProcessorFacts processor, Surroundings surroundings)
    {
        var grep = processor.GrepMatches.Count > 0 ? $"grep -E \"(vmx|svm|0xc0f)\" finds {string.Join(", ", processor.GrepMatches)}" : "grep -E \"(vmx|svm|0xc0f)\" finds nothing";
        if (processor.VirtualizationFlag is { } flag)
            return new HostCheck(Name, CheckState.Passed, $"{flag} ({(flag == "vmx" ? "Intel VT-x" : "AMD-V")}); {grep}");
        return surroundings.Kind is Surroundings.Dom0 or "Xen PV"
            ? new HostCheck(Name, CheckState.Information, $"neither vmx nor svm: Xen hides them from its PV guests, dom0 among them; {grep}", "xl info shows them as virt_caps; KVM needs a start without Xen.")
            : surroundings.IsGuest
            ? new HostCheck(Name, CheckState.Failed, $"neither vmx nor svm; {grep}", $"The machine runs in {surroundings.Kind}: switch nested virtualization on there{Nested(surroundings.Kind)}.")
            : new HostCheck(Name, CheckState.Failed, $"neither vmx nor svm; {grep}", "Switch Intel VT-x or AMD-V (SVM) on in the firmware; a processor without them cannot run KVM.");
    }

    private static HostCheck Arm(HostFacts facts, ProcessorFacts processor)
    {
        if (processor.ArmPart is { } part && VirtualizingArm7.Contains(part) && processor.Flags.Contains("lpae"))
        {
            var grep = part == "0xc0f" ? "; this is the 0xc0f that grep -E \"(vmx|svm|0xc0f)\" finds" : "; the 0xc0f of the well-known grep is only the Cortex-A15";
            return new HostCheck(Name, CheckState.Passed, $"{processor.Model} (CPU part {part}), an ARMv7 with the virtualization extensions{grep}");
        }

        if (facts.KernelLog is { } log && (log.Contains("Hyp mode initialized") || log.Contains("VHE mode initialized")))
            return new HostCheck(Name, CheckState.Passed, "ARM: the kernel was started in EL2 (its log says so); no CPU flag tells");
        return facts.Names("/dev")?.Contains("kvm") == true
            ? new HostCheck(Name, CheckState.Passed, "ARM: no CPU flag tells; /dev/kvm is there, which needs a start in EL2")
            : new HostCheck(Name, CheckState.Unknown, "ARM: no CPU flag tells. ARMv8 processors can; the kernel must be started in EL2 (hypervisor mode)", "dmesg | grep -i -e 'EL2' -e 'Hyp mode' tells; the boot loader decides.");
    }

    /// <summary>Where each hypervisor has its switch.</summary>
    internal static string Nested(string kind) => kind switch
    {
        "VMware" => " (\"Expose hardware assisted virtualization to the guest OS\", vhv.enable = TRUE)",
        "Hyper-V" => " (Set-VMProcessor -ExposeVirtualizationExtensions $true, machine off)",
        "KVM" or "KVM or QEMU" => " (kvm_intel or kvm_amd nested=1 on the host, CPU model host-passthrough or host-model)",
        "KVM or QEMU (OpenStack)" => " (on the compute host kvm_* nested=1 and [libvirt] cpu_mode = host-passthrough)",
        "Xen HVM" => " (nestedhvm = 1, experimental)",
        _ => "",
    };
}
