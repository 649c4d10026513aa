using System.Globalization;
using System.Text.RegularExpressions;

namespace OsMigrate.Hypervisors.Checks;

/// <summary>Whether the firmware has switched virtualization off.</summary>
/// <remarks>
/// Sources: Intel SDM volume 4, IA32_FEATURE_CONTROL (0x3A): bit 0 locks, bit 2 allows VMX outside SMX. AMD APM volume 2, VM_CR (0xC0010114): bit 4 SVMDIS.
/// Texts: Linux, arch/x86/kernel/cpu/feat_ctl.c, arch/x86/kvm/vmx and svm. Since 5.6 the flag vmx goes from /proc/cpuinfo with it.
/// </remarks>
internal static class FirmwareCheck
{
    private const string Name = "Firmware";
    private const string Cure = "Switch Intel VT-x (\"Virtualization Technology\") or AMD-V (\"SVM Mode\") on in the firmware setup, then switch the machine off and on: a restart may not do.";
    private static readonly Regex Disabled = new(@"^.*\b(kvm|vmx|svm)\b.*(disabled|not enabled)[^\n]*bios.*$", RegexOptions.IgnoreCase | RegexOptions.Multiline | RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, TimeSpan.FromSeconds(2));

    public static HostCheck Of(HostFacts facts, ProcessorFacts processor, Surroundings surroundings)
    {
        if (processor.Architecture != "x86")
            return new HostCheck(Name, CheckState.Information, "only x86 firmware has such a switch");
        if (facts.KernelLog is { } log && Disabled.Match(log) is { Success: true } line)
            return new HostCheck(Name, CheckState.Failed, $"disabled; the kernel's log says: {line.Value.Trim()}", Cure);
        if (Msr(facts, "msr-3a") is { } control && processor.Vendor == "GenuineIntel" && (control & 1) != 0)
            return (control & 4) != 0 ? new HostCheck(Name, CheckState.Passed, $"on: MSR 0x3a is 0x{control:x}") : new HostCheck(Name, CheckState.Failed, $"disabled and locked: MSR 0x3a is 0x{control:x}", Cure);
        if (Msr(facts, "msr-vm-cr") is { } vm && processor.Vendor is "AuthenticAMD" or "HygonGenuine" && processor.VirtualizationFlag is not null)
            return (vm & 0x10) == 0 ? new HostCheck(Name, CheckState.Passed, $"on: MSR VM_CR is 0x{vm:x}") : new HostCheck(Name, CheckState.Failed, $"disabled: MSR VM_CR is 0x{vm:x} (SVMDIS)", Cure);
        if (ModuleCheck.Loaded(facts) is { } module && processor.VirtualizationFlag is not null)
            return new HostCheck(Name, CheckState.Passed, $"on: {module} would not stay loaded otherwise");
        if (surroundings.IsGuest)
            return new HostCheck(Name, CheckState.Information, "a virtual machine: its host decides");
        return processor.VirtualizationFlag is { } flag
            ? new HostCheck(Name, CheckState.Unknown, $"the flag {flag} is there and no KVM module is loaded: the kernel's log and MSR 0x3a cannot be read, or say nothing", "modprobe kvm_intel or kvm_amd: its error tells.")
            : new HostCheck(Name, CheckState.Unknown, "no flag, and nothing in the kernel's log says whether the firmware is why", Cure);
    }

    private static ulong? Msr(HostFacts facts, string name)
        => facts.Answer(name) is { } text && ulong.TryParse(text.Trim(), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var value) ? value : null;
}
