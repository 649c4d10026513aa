using System.Text.RegularExpressions;

namespace OsMigrate.Hypervisors.Checks;

/// <summary>Versions of libvirt and QEMU, and what Nova is told to use.</summary>
internal static class SoftwareChecks
{
    private static readonly Regex Number = new(@"\d+(\.\d+)+", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, TimeSpan.FromSeconds(1));

    public static string? LibvirtVersion(HostFacts facts) => Version(facts, "libvirt");

    public static string? QemuVersion(HostFacts facts) => Version(facts, "qemu");

    /// <summary>The last virt_type that Nova's files name; null when none does or they cannot be read.</summary>
    public static string? VirtType(HostFacts facts) => Option(facts, "virt_type");

    public static HostCheck Libvirt(HostFacts facts) => Installed(facts, "libvirt", LibvirtVersion(facts), "Nova's libvirt driver needs it on compute hosts.");

    public static HostCheck Qemu(HostFacts facts) => Installed(facts, "QEMU", QemuVersion(facts), "Install QEMU (qemu-system-x86, qemu-kvm): KVM alone has no devices and no firmware.");

    /// <param name="native">Whether guests run on the processor; null when that is not known.</param>
    public static HostCheck Nova(HostFacts facts, bool? native)
    {
        const string name = "nova virt_type";
        if (facts.Source == HostSource.Folder)
            return new HostCheck(name, CheckState.Unknown, "Nova's files are not looked at in a copy");
        if (VirtType(facts) is not { } type)
        {
            return facts.Answer("nova-unreadable") is { } file ? new HostCheck(name, CheckState.Unknown, $"{file.Trim().Split('\n')[0]} cannot be read by this user", "Run as root, or as a user who may.")
                : Option(facts, "compute_driver") is { } driver ? new HostCheck(name, CheckState.Information, $"not set (compute_driver = {driver}): kvm is the default of Nova's libvirt driver")
                : new HostCheck(name, CheckState.Information, "no nova.conf with it here");
        }

        return (type, native) switch
        {
            ("kvm", false) => new HostCheck(name, CheckState.Failed, "kvm, but KVM does not run guests here: servers will fail to start or crawl", "[libvirt] virt_type = qemu until KVM runs, then restart nova-compute."),
            ("qemu", true) => new HostCheck(name, CheckState.Warning, "qemu: servers are emulated although KVM runs here", "[libvirt] virt_type = kvm, then restart nova-compute and restart the servers hard."),
            _ => new HostCheck(name, CheckState.Passed, type),
        };
    }

    private static HostCheck Installed(HostFacts facts, string name, string? version, string cure)
        => version is not null ? new HostCheck(name, CheckState.Passed, version)
            : facts.Source == HostSource.Folder ? new HostCheck(name, CheckState.Unknown, "programs are not asked in a copy")
            : new HostCheck(name, CheckState.Information, "not installed", cure);

    private static string? Version(HostFacts facts, string command)
        => facts.Answer(command) is { } text && Number.Match(text) is { Success: true } found ? found.Value : null;

    private static string? Option(HostFacts facts, string name)
        => facts.Answer("nova")?.Split('\n').Select(static l => l.Split(['='], 2)).Where(p => p.Length == 2 && p[0].Trim() == name).Select(static p => p[1].Trim()).LastOrDefault();
}
