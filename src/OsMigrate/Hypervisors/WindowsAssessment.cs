using OsMigrate.Hypervisors.Checks;
using OsMigrate.Hypervisors.Collection;

namespace OsMigrate.Hypervisors;

/// <summary>Concludes from a Windows host's own words. KVM does not run there; what counts is whether the processor would carry it. Built, not run on Windows.</summary>
internal static class WindowsAssessment
{
    public static KvmSupport Of(HostFacts facts, string answer)
    {
        var said = WindowsScript.Read(answer + "\n" + facts.Answer("windows-kernel"));
        var present = IsTrue(said, "hypervisor");
        // With Hyper-V running, Windows hides the processor's virtualization from itself.
        var firmware = IsTrue(said, "firmware") || IsTrue(said, "kernel.firmware") || IsTrue(said, "vmmonitor");
        var parent = facts.Cpuid?.IsHyperVParent == true || Of(said, "vmms") == "Running";
        var runsIn = parent ? Surroundings.HyperVParent : present ? facts.Cpuid?.Signature is { Length: > 0 } name ? $"{name} ({Of(said, "product")})" : Of(said, "product") ?? Surroundings.Nameless : Surroundings.BareMetal;
        return new KvmSupport
        {
            ComputerName = Of(said, "name") ?? facts.Name,
            KvmUsable = false,
            Verdict = KvmVerdict.Other,
            Summary = parent
                ? "Windows with Hyper-V, type-1: Hyper-V has the processor. KVM is a part of Linux; the processor would carry it."
                : $"Windows: KVM is a part of Linux; the processor {(firmware || facts.Cpuid?.Flag is not null ? "would carry it" : "shows no virtualization, or the firmware has it switched off")}.",
            CpuVendor = Of(said, "vendor"),
            CpuModel = Of(said, "model"),
            CpuFlag = facts.Cpuid?.Flag,
            RunsIn = runsIn,
            Source = facts.Source,
            Checks =
            [
                new HostCheck("System", CheckState.Information, Of(said, "os") ?? "Windows"),
                new HostCheck("CPU", CheckState.Information, $"{Of(said, "vendor")}, {Of(said, "model")}"),
                firmware ? new HostCheck("Firmware", CheckState.Passed, "virtualization is on (Win32_Processor, PF_VIRT_FIRMWARE_ENABLED)")
                    : parent ? new HostCheck("Firmware", CheckState.Passed, "on: Hyper-V runs, and Windows hides it then")
                    : new HostCheck("Firmware", CheckState.Failed, "virtualization is off (Win32_Processor, PF_VIRT_FIRMWARE_ENABLED)", "Switch VT-x or AMD-V on in the firmware setup."),
                new HostCheck("EPT/NPT", IsTrue(said, "slat") || IsTrue(said, "kernel.slat") || parent ? CheckState.Passed : CheckState.Warning, $"second level address translation: {Of(said, "slat") ?? Of(said, "kernel.slat") ?? "not told"}"),
                new HostCheck("Runs in", CheckState.Information, $"{runsIn}; made by {Of(said, "manufacturer")}, {Of(said, "product")}"),
            ],
        };
    }

    private static string? Of(IReadOnlyDictionary<string, string> said, string key) => said.TryGetValue(key, out var value) && value.Length > 0 ? value : null;

    private static bool IsTrue(IReadOnlyDictionary<string, string> said, string key) => string.Equals(Of(said, key), "True", StringComparison.OrdinalIgnoreCase);
}
