using System.Globalization;
using OsMigrate.Hypervisors.Kvm;

namespace OsMigrate.Hypervisors.Checks;

/// <summary>Whether /dev/kvm is there, may be used, and really runs a guest.</summary>
internal static class DeviceChecks
{
    private const int KnownApi = 12;

    public static HostCheck Device(HostFacts facts)
    {
        const string name = "/dev/kvm";
        var permissions = Permissions(facts);
        if (facts.Guest is { OpenError: null, ApiVersion: { } api })
            return api == KnownApi ? new HostCheck(name, CheckState.Passed, $"opened, API version {api}{permissions}") : new HostCheck(name, CheckState.Failed, $"opened, API version {api} instead of {KnownApi}{permissions}", "Use a kernel of this century.");
        if (facts.Guest?.OpenError is "EACCES" or "EPERM")
            return new HostCheck(name, CheckState.Failed, $"there, but this user may not open it{permissions}", "Add the user to the group kvm (usermod -aG kvm NAME, then log in anew), or run as root. Nova's guests run as the user of libvirt (libvirt-qemu, qemu), which has to be in it.");
        if (facts.Guest?.OpenError is { } error and not "ENOENT")
            return new HostCheck(name, CheckState.Failed, $"cannot be opened: {error}{permissions}", error == "ENODEV" ? "The device is a leftover: load kvm_intel or kvm_amd." : null);
        if (facts.Names("/dev")?.Contains("kvm") == true)
            return new HostCheck(name, CheckState.Unknown, $"there, not opened{permissions}");
        return facts.Names("/dev") is null ? new HostCheck(name, CheckState.Unknown, "/dev was not read") : new HostCheck(name, CheckState.Failed, "not there", "It comes with kvm_intel or kvm_amd.");
    }

    public static HostCheck Guest(HostFacts facts)
    {
        const string name = "Guest run";
        if (facts.Guest is not { OpenError: null } run)
            return new HostCheck(name, CheckState.Unknown, facts.Guest is null ? $"not tried: {facts.GuestNotTried ?? "nobody asked"}" : "not tried: /dev/kvm cannot be opened");
        if (run.Error is { } error)
            return new HostCheck(name, CheckState.Failed, error, Cure(run));
        if (!run.RanLongMode)
            return new HostCheck(name, CheckState.Unknown, "not tried: only x86-64 guests are");
        var pace = string.Format(CultureInfo.InvariantCulture, "{0:0.#} ns for one round of a loop of two instructions", run.NanosecondsPerStep);
        return run.IsInterpreted
            ? new HostCheck(name, CheckState.Failed, $"a virtual machine ran real mode and 64-bit code and computed rightly, but {pace}: interpreted, not run by the processor (that takes about 1 ns)", "Do not use KVM here: QEMU/TCG (virt_type = qemu) is faster for ordinary guests. Use a host with vmx or svm.")
            : new HostCheck(name, CheckState.Passed, $"a virtual machine ran real mode and 64-bit code on the processor ({pace}) and computed rightly");
    }

    private static string Cure(GuestRun run) => run.Error switch
    {
        { } e when e.StartsWith("KVM_CREATE_VM: EBUSY", StringComparison.Ordinal) => "Another hypervisor has the processor (VirtualBox, VMware Workstation, Xen): end it.",
        _ when !run.MadeMachine => "dmesg tells why; often the firmware has virtualization switched off.",
        _ => "The kernel offers KVM, but the processor, or the hypervisor below, does not carry it. Look at nested virtualization there; until then QEMU/TCG (virt_type = qemu).",
    };

    private static string Permissions(HostFacts facts)
    {
        var mode = facts.Answer("kvm-mode");
        var access = facts.Answer("kvm-access")?.Split('\n').Select(static w => w.Trim()).Where(static w => w is "r" or "w").ToList();
        var list = facts.Answer("kvm-acl")?.Split('\n').Where(static l => l.StartsWith("user:", StringComparison.Ordinal) && !l.StartsWith("user::", StringComparison.Ordinal)).Select(static l => l.Trim()).ToList();
        var text = mode is null ? "" : $"; mode and owner {mode}";
        if (list is { Count: > 0 })
            text += $", access list {string.Join(", ", list)}";
        return access is null || mode is null ? text : $"{text}; this user may {(access.Count == 2 ? "read and write" : access.Count == 0 ? "neither read nor write" : access[0] == "r" ? "only read" : "only write")}";
    }
}
