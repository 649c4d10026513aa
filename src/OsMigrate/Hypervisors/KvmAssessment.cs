using OsMigrate.Hypervisors.Checks;

namespace OsMigrate.Hypervisors;

/// <summary>Concludes from the facts of a host whether it runs KVM.</summary>
public static class KvmAssessment
{
    public static KvmSupport Of(HostFacts facts)
    {
        if (facts.Answer(Collection.WindowsScript.Name) is { } windows)
            return WindowsAssessment.Of(facts, windows);
        if (facts.Answer("esxi") is { } esxi)
            return Esxi(facts, esxi.Trim());
        var processor = ProcessorFacts.Parse(facts.Text("/proc/cpuinfo") ?? "");
        var surroundings = Surroundings.Of(facts, processor);
        var checks = Checked(facts, processor, surroundings);
        var (verdict, summary) = Conclude(facts, processor, surroundings, checks);
        return new KvmSupport
        {
            ComputerName = facts.Name,
            KvmUsable = verdict is KvmVerdict.Kvm ? true : verdict is KvmVerdict.Unknown or KvmVerdict.KvmLikely ? null : false,
            Verdict = verdict,
            Summary = summary,
            CpuVendor = processor.Vendor,
            CpuModel = processor.Model,
            CpuFlag = processor.VirtualizationFlag ?? processor.ArmPart,
            RunsIn = surroundings.Kind,
            KernelModule = ModuleCheck.Loaded(facts) ?? (ModuleCheck.IsPageTable(facts) ? "kvm_pvm" : null),
            QemuVersion = SoftwareChecks.QemuVersion(facts),
            LibvirtVersion = SoftwareChecks.LibvirtVersion(facts),
            VirtType = SoftwareChecks.VirtType(facts),
            GuestRun = facts.Guest,
            Source = facts.Source,
            Checks = checks,
        };
    }

    private static List<HostCheck> Checked(HostFacts facts, ProcessorFacts processor, Surroundings surroundings)
    {
        bool? native = facts.Guest is null ? null : facts.Guest.IsNative;
        return
        [
            new HostCheck("CPU", CheckState.Information, $"{processor.Vendor ?? "unknown vendor"}, {processor.Model ?? "unknown model"}"),
            ProcessorCheck.Of(facts, processor, surroundings),
            FirmwareCheck.Of(facts, processor, surroundings),
            ModuleCheck.Of(facts, processor, surroundings),
            DeviceChecks.Device(facts),
            DeviceChecks.Guest(facts),
            MemoryChecks.SecondLevel(facts, processor),
            MemoryChecks.Nested(facts, processor),
            MemoryChecks.Iommu(facts),
            new HostCheck("Runs in", CheckState.Information, $"{surroundings.Kind} ({surroundings.Evidence})"),
            SoftwareChecks.Qemu(facts),
            SoftwareChecks.Libvirt(facts),
            SoftwareChecks.Nova(facts, native),
            MemoryChecks.Hugepages(facts),
        ];
    }

    private static (KvmVerdict Verdict, string Summary) Conclude(HostFacts facts, ProcessorFacts processor, Surroundings surroundings, List<HostCheck> checks)
    {
        var inside = surroundings.IsGuest ? $" The host itself is a virtual machine ({surroundings.Kind}), so this is nested." : "";
        if (surroundings.Kind == Surroundings.Dom0)
            return (KvmVerdict.XenDom0, "Xen, type-1, control domain (dom0): Xen has the processor's virtualization, KVM cannot run beside it; start the kernel without Xen for KVM.");
        if (facts.Guest is { IsNative: true })
            return (KvmVerdict.Kvm, $"KVM, type-1: a guest ran on the processor.{inside}");
        if (facts.Guest is { IsInterpreted: true } run)
            return (KvmVerdict.KvmInterpreted, FormattableString.Invariant($"KVM answers and runs guests, but interprets them ({run.NanosecondsPerStep:0} ns for a step that a processor does in about one): no acceleration.{(ModuleCheck.IsPageTable(facts) ? " It is KVM by page tables (kvm_pvm), without vmx or svm." : "")} Use QEMU/TCG (type-2)."));
        if (surroundings.Kind.StartsWith("Xen ", StringComparison.Ordinal) && processor.VirtualizationFlag is null)
            return (KvmVerdict.XenGuest, $"A guest of Xen ({surroundings.Kind[4..]}, domU) without nested virtualization: QEMU/TCG, type-2, only.");
        var failed = checks.Where(static c => c.State == CheckState.Failed && c.Check != "nova virt_type").ToList();
        if (processor.Architecture == "x86" && processor.VirtualizationFlag is null)
            return Without(facts, checks, inside);
        if (failed.Count > 0)
            return (KvmVerdict.KvmBlocked, $"QEMU/TCG, type-2, only, until this is put right: {string.Join("; ", failed.Select(static c => $"{c.Check}: {c.Found}"))}.{inside}");
        return checks[1].State == CheckState.Passed && checks[3].State == CheckState.Passed
            ? (KvmVerdict.KvmLikely, $"Fit for KVM (type-1) by all that can be seen; no guest was run ({facts.GuestNotTried ?? "not tried on this architecture"}).{inside}")
            : (KvmVerdict.Unknown, $"It cannot be said: {string.Join("; ", checks.Where(static c => c.State == CheckState.Unknown).Select(static c => c.Check))} could not be seen.{inside}");
    }

    /// <summary>No flag: switched off by the firmware, which can be changed, or just not there.</summary>
    private static (KvmVerdict Verdict, string Summary) Without(HostFacts facts, List<HostCheck> checks, string inside)
    {
        if (checks.FirstOrDefault(static c => c.Check == "Firmware" && c.State == CheckState.Failed) is { } firmware)
            return (KvmVerdict.KvmBlocked, $"QEMU/TCG, type-2, only, until virtualization is switched on in the firmware ({firmware.Found}).");
        // There is KVM that needs no flag: a device that nobody could try proves nothing.
        if (facts.Names("/dev")?.Contains("kvm") == true && facts.Guest is null or { OpenError: "EACCES" or "EPERM" })
        {
            var reason = facts.Guest is null ? facts.GuestNotTried ?? "nobody asked" : "this user may not open it";
            return (KvmVerdict.Unknown, $"The processor shows neither vmx nor svm, which speaks for QEMU/TCG (type-2) only; but there is a /dev/kvm, and whether that runs guests was not tried: {reason}.{inside}");
        }

        var device = facts.Guest is { OpenError: null } ? $" /dev/kvm answers all the same, but runs no guest: {facts.Guest.Error}." : "";
        return (KvmVerdict.QemuOnly, $"QEMU/TCG, type-2 emulation, only: the processor shows neither vmx nor svm.{device}{inside}");
    }

    private static KvmSupport Esxi(HostFacts facts, string version) => new()
    {
        ComputerName = facts.Name,
        KvmUsable = false,
        Verdict = KvmVerdict.Other,
        Summary = $"{version}: a type-1 hypervisor of its own; KVM is a part of Linux.",
        RunsIn = Surroundings.Unknown,
        Source = facts.Source,
        Checks = [new HostCheck("Hypervisor", CheckState.Information, version), new HostCheck("Hardware virtualization", CheckState.Information, facts.Answer("esxi-hv")?.Split('\n').FirstOrDefault(static l => l.Contains("HV Support"))?.Trim() ?? "not told")],
    };
}
