using OsMigrate.Hypervisors.Checks;
using OsMigrate.Hypervisors.Kvm;

namespace OsMigrate.Hypervisors;

/// <summary>Whether a host can run virtual machines with KVM, and why not.</summary>
public sealed record KvmSupport
{
    public required string ComputerName { get; init; }

    /// <summary>True when KVM runs guests on the processor, false when it does not, null when that could not be seen.</summary>
    public required bool? KvmUsable { get; init; }

    public required KvmVerdict Verdict { get; init; }

    /// <summary>The verdict in words.</summary>
    public required string Summary { get; init; }

    public string? CpuVendor { get; init; }

    public string? CpuModel { get; init; }

    /// <summary>vmx, svm, sie, or the ARM part; null when the processor shows none.</summary>
    public string? CpuFlag { get; init; }

    /// <summary>What the host itself runs in: "bare metal", KVM, VMware ...</summary>
    public required string RunsIn { get; init; }

    public string? KernelModule { get; init; }

    public string? QemuVersion { get; init; }

    public string? LibvirtVersion { get; init; }

    /// <summary>virt_type of Nova's libvirt driver: kvm, qemu ...; null when it cannot be seen.</summary>
    public string? VirtType { get; init; }

    /// <summary>What came of running a guest; null when none was run.</summary>
    public GuestRun? GuestRun { get; init; }

    public required HostSource Source { get; init; }

    public required IReadOnlyList<HostCheck> Checks { get; init; }

    /// <summary>All checks as lines of text, with what to do.</summary>
    public string Details => string.Join("\n", Checks.Select(static c => $"{c.Check}: {c.State}. {c.Found}{(c.Cure is null ? "" : $" -> {c.Cure}")}"));

    public override string ToString() => $"{ComputerName}: {Summary}";
}
