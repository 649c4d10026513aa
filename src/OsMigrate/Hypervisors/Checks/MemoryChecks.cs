using System.Globalization;
using OsMigrate.Bytes;

namespace OsMigrate.Hypervisors.Checks;

/// <summary>Paging by the processor, nesting, IOMMU and large pages: what decides how fast guests run and which devices they can be given.</summary>
internal static class MemoryChecks
{
    public static HostCheck SecondLevel(HostFacts facts, ProcessorFacts processor)
    {
        const string name = "EPT/NPT";
        if (processor.Architecture != "x86")
            return new HostCheck(name, CheckState.Information, "of x86 only; other architectures have it with their virtualization");
        var (flag, module) = processor.Flags.Contains("ept") ? ("ept", "kvm_intel") : processor.Flags.Contains("npt") ? ("npt", "kvm_amd") : ("", "");
        var parameter = facts.Line("/sys/module/kvm_intel/parameters/ept") ?? facts.Line("/sys/module/kvm_amd/parameters/npt");
        if (parameter is not null && !IsOn(parameter))
            return new HostCheck(name, CheckState.Warning, "switched off by a parameter of the module: guests run much slower", "modprobe without ept=0 or npt=0.");
        if (flag.Length > 0)
            return new HostCheck(name, CheckState.Passed, parameter is null ? $"CPU flag {flag}" : $"CPU flag {flag}, in use by {module}");
        if (parameter is not null)
            return new HostCheck(name, CheckState.Passed, "in use by the module");
        return processor.VirtualizationFlag is null ? new HostCheck(name, CheckState.Information, "not shown, as vmx and svm are not") : new HostCheck(name, CheckState.Warning, "neither ept nor npt: page tables of guests are shadowed, which is slow", "Use a processor of 2009 or later; in a virtual machine let the host pass it on.");
    }

    public static HostCheck Nested(HostFacts facts, ProcessorFacts processor)
    {
        const string name = "Nested";
        var value = facts.Line("/sys/module/kvm_intel/parameters/nested") ?? facts.Line("/sys/module/kvm_amd/parameters/nested") ?? facts.Line("/sys/module/kvm_hv/parameters/nested");
        return value is not null
            ? new HostCheck(name, CheckState.Information, IsOn(value) ? "on: guests can run KVM themselves" : "off: guests cannot run KVM themselves")
            : new HostCheck(name, CheckState.Information, processor.Architecture == "x86" ? "no KVM module of Intel or AMD says" : "not told on this architecture");
    }

    public static HostCheck Iommu(HostFacts facts)
    {
        const string name = "IOMMU";
        var units = facts.Names("/sys/class/iommu");
        var groups = facts.Names("/sys/kernel/iommu_groups")?.Count ?? 0;
        if (units is { Count: > 0 })
            return new HostCheck(name, CheckState.Passed, $"{units.Count} unit(s) ({string.Join(", ", units.Take(4))}), {groups} groups: devices can be passed to guests");
        var tables = facts.Names("/sys/firmware/acpi/tables");
        var line = facts.Line("/proc/cmdline");
        var asked = line?.Split(' ').Where(static w => w.Contains("iommu")).ToList() ?? [];
        if (tables?.Any(static t => t is "DMAR" or "IVRS") == true)
            return new HostCheck(name, CheckState.Information, $"the firmware describes one, the kernel does not use it{(asked.Count > 0 ? $" ({string.Join(" ", asked)})" : "")}", "For PCI passthrough and SR-IOV: intel_iommu=on on the kernel's command line (AMD's is on by itself).");
        return units is null && tables is null ? new HostCheck(name, CheckState.Unknown, "/sys/class/iommu was not read") : new HostCheck(name, CheckState.Information, "none: no PCI passthrough, no SR-IOV", "Switch VT-d or AMD-Vi on in the firmware when guests are to have devices of their own.");
    }

    public static HostCheck Hugepages(HostFacts facts)
    {
        const string name = "Hugepages";
        var parts = new List<string>();
        foreach (var size in facts.Names("/sys/kernel/mm/hugepages") ?? [])
        {
            var count = Whole(facts.Line($"/sys/kernel/mm/hugepages/{size}/nr_hugepages"));
            var free = Whole(facts.Line($"/sys/kernel/mm/hugepages/{size}/free_hugepages"));
            if (count is > 0 && Whole(new string(size.Where(char.IsDigit).ToArray())) is { } kib and < 1L << 40)
                parts.Add($"{count} of {ByteSize.Text(kib << 10)} ({free?.ToString(CultureInfo.InvariantCulture) ?? "?"} free)");
        }

        var transparent = facts.Line("/sys/kernel/mm/transparent_hugepage/enabled") is { } modes && modes.IndexOf('[') is >= 0 and var open && modes.IndexOf(']') is var close && close > open ? modes[(open + 1)..close] : null;
        var text = parts.Count > 0 ? string.Join(", ", parts) : "none reserved";
        return new HostCheck(name, CheckState.Information, $"{text}; transparent: {transparent ?? "unknown"}", parts.Count > 0 ? null : "Only needed for flavors with hw:mem_page_size: hugepages= on the kernel's command line, or vm.nr_hugepages.");
    }

    private static bool IsOn(string value) => value is "Y" or "y" or "1";

    private static long? Whole(string? text) => long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;
}
