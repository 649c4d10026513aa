using OsMigrate.Hypervisors;
using OsMigrate.Hypervisors.Checks;
using OsMigrate.OpenStack;
using OsMigrate.OpenStack.Compute;

namespace OsMigrate.Migrations.Hosts;

/// <summary>Whether a cloud's compute hosts run KVM, by what Nova and Placement tell of them. What they do not tell stays unknown.</summary>
/// <remarks>Traits: os-traits, HW_CPU_X86_VMX, HW_CPU_X86_SVM. They name what guests can be given, which an emulator may give without the host's processor having it.</remarks>
public static class CloudHosts
{
    private static readonly string[] Virtualizing = ["HW_CPU_X86_VMX", "HW_CPU_X86_SVM"];

    public static IEnumerable<KvmSupport> All(CloudSession session, CancellationToken cancel) => new ComputeNodes(session).All(cancel).Select(Of);

    internal static KvmSupport Of(ComputeNode node)
    {
        var flag = node.Features.Contains("vmx") ? "vmx" : node.Features.Contains("svm") ? "svm" : null;
        var traits = node.Traits?.Where(Virtualizing.Contains).ToList();
        var (verdict, summary) = Conclude(node, flag, traits);
        var isGuest = node.Features.Contains("hypervisor");
        return new KvmSupport
        {
            ComputerName = node.Host,
            KvmUsable = verdict is KvmVerdict.Kvm ? true : verdict is KvmVerdict.Unknown or KvmVerdict.KvmLikely ? null : false,
            Verdict = verdict,
            Summary = summary,
            CpuVendor = node.Vendor,
            CpuModel = node.Model,
            CpuFlag = flag,
            RunsIn = node.Type != "QEMU" || node.Features.Count == 0 ? "unknown" : isGuest ? "a hypervisor" : "bare metal",
            QemuVersion = node.Type == "QEMU" ? node.Version : null,
            VirtType = node.VirtType,
            Source = HostSource.Cloud,
            Checks =
            [
                new HostCheck("Hypervisor", CheckState.Information, $"{node.Type} {node.Version}".TrimEnd()),
                new HostCheck("CPU", CheckState.Information, $"{node.Vendor ?? "unknown vendor"}, {node.Model ?? "unknown model"}, {node.Architecture ?? "unknown architecture"}"),
                node.Features.Count == 0 ? new HostCheck("CPU flag", CheckState.Unknown, "Nova does not tell the processor's features")
                    : new HostCheck("CPU flag", flag is null ? CheckState.Failed : CheckState.Passed, flag ?? "neither vmx nor svm among the features that libvirt reports"),
                traits is null ? new HostCheck("Placement traits", CheckState.Unknown, "Placement did not answer this user", "Ask as an administrator.")
                    : new HostCheck("Placement traits", CheckState.Information, traits.Count > 0 ? string.Join(", ", traits) : "neither HW_CPU_X86_VMX nor HW_CPU_X86_SVM"),
                node.VirtType is { } type ? new HostCheck("nova virt_type", type == "qemu" && flag is not null ? CheckState.Warning : CheckState.Passed, $"{type}, by the diagnostics of a server there")
                    : new HostCheck("nova virt_type", CheckState.Unknown, "no running server whose diagnostics would tell", $"Test-KvmSupport -ComputerName {node.Address ?? node.Host} looks at the host itself."),
            ],
        };
    }

    private static (KvmVerdict Verdict, string Summary) Conclude(ComputeNode node, string? flag, List<string>? traits)
    {
        if (node.Type == "fake")
            return (KvmVerdict.Unknown, "Nova's fake driver: it runs no machines.");
        if (string.Equals(node.Type, "xen", StringComparison.OrdinalIgnoreCase))
            return (KvmVerdict.XenDom0, "Xen, type-1: not KVM.");
        if (node.Type != "QEMU")
            return (KvmVerdict.Other, $"{node.Type}: not libvirt's QEMU and KVM driver.");
        if (node.VirtType == "kvm")
            return (KvmVerdict.Kvm, "KVM, type-1: a server runs there with virt_type kvm.");
        if (node.VirtType == "qemu")
            return (KvmVerdict.QemuOnly, $"QEMU/TCG, type-2 emulation: a server runs there with virt_type qemu.{(flag is null ? "" : $" The processor has {flag}: virt_type = kvm would be faster.")}");
        if (flag is null && node.Features.Count > 0 && node.Architecture is "x86_64" or "i686")
        {
            return (KvmVerdict.QemuOnly, traits is { Count: > 0 }
                ? $"QEMU/TCG, type-2 emulation: guests are given {string.Join(", ", traits)}, which libvirt does not find in the processor: an emulator gives it."
                : "QEMU/TCG, type-2 emulation: the processor shows neither vmx nor svm.");
        }

        return flag is null
            ? (KvmVerdict.Unknown, "QEMU, by KVM or by TCG: the cloud does not tell.")
            : (KvmVerdict.KvmLikely, $"Fit for KVM (type-1): the processor has {flag}. Whether Nova uses it (virt_type) the cloud does not tell.");
    }
}
