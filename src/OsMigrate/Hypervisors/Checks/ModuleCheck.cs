namespace OsMigrate.Hypervisors.Checks;

/// <summary>Which part of KVM the kernel has.</summary>
internal static class ModuleCheck
{
    private const string Name = "KVM modules";

    /// <summary>Modules that do the work of KVM on hardware; built-in ones show in /sys/module too, when they have parameters.</summary>
    private static readonly string[] Hardware = ["kvm_intel", "kvm_amd", "kvm_hv"];

    public static string? Loaded(HostFacts facts) => Hardware.FirstOrDefault(m => Has(facts, m));

    /// <summary>KVM by page tables alone (PVM), which needs no virtualization of the processor, but guests made for it.</summary>
    public static bool IsPageTable(HostFacts facts) => Has(facts, "kvm_pvm");

    public static HostCheck Of(HostFacts facts, ProcessorFacts processor, Surroundings surroundings)
    {
        if (Loaded(facts) is { } module)
            return new HostCheck(Name, CheckState.Passed, $"{module} is there");
        if (IsPageTable(facts))
            return new HostCheck(Name, CheckState.Warning, "kvm_pvm is there: KVM without hardware virtualization, for guests with a kernel made for it; others are interpreted", "For other guests use a host with vmx or svm, or QEMU/TCG (virt_type = qemu).");
        if (surroundings.Kind == Surroundings.Dom0)
            return new HostCheck(Name, CheckState.Information, "none: Xen has the processor");
        if (processor.Architecture is "arm" or "s390" && (Has(facts, "kvm") || facts.Names("/dev")?.Contains("kvm") == true))
            return new HostCheck(Name, CheckState.Passed, "kvm is built into the kernel");
        if (facts.Names("/sys/module") is null && facts.Text("/proc/modules") is null)
            return new HostCheck(Name, CheckState.Unknown, "neither /sys/module nor /proc/modules can be read");
        var wanted = processor.VirtualizationFlag == "svm" || processor.Vendor is "AuthenticAMD" or "HygonGenuine" ? "kvm_amd" : "kvm_intel";
        return Has(facts, "kvm")
            ? new HostCheck(Name, CheckState.Failed, $"kvm is there, {wanted} is not", $"modprobe {wanted}; what it says (\"Operation not supported\") points to the firmware or the flags.")
            : new HostCheck(Name, CheckState.Failed, "none is loaded", processor.Architecture == "x86" ? $"modprobe {wanted}" : "Use a kernel with KVM.");
    }

    private static bool Has(HostFacts facts, string module)
        => facts.Names("/sys/module")?.Contains(module) == true || facts.Text("/proc/modules")?.Split('\n').Any(l => l.StartsWith(module + " ", StringComparison.Ordinal)) == true;
}
