using System.Text.RegularExpressions;
using OsMigrate.Hypervisors.Checks;
using OsMigrate.Hypervisors.Collection;

namespace OsMigrate.Hypervisors;

/// <summary>Concludes from the facts of a host what it is.</summary>
public static class HypervisorIdentification
{
    private static readonly Regex Number = new(@"\d+(\.\d+)+", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, TimeSpan.FromSeconds(1));

    public static HypervisorInfo Of(HostFacts facts)
    {
        if (facts.Answer(WindowsScript.Name) is { } windows)
            return Windows(facts, windows);
        if ((facts.Answer("esxi") ?? facts.Line("/etc/vmware-release")) is { } esxi)
            return Info(facts, HypervisorKind.Esxi, esxi.Trim(), First(esxi), HypervisorRole.Host, Surroundings.Unknown, facts.Answer("esxi") is null ? "/etc/vmware-release" : "vmware -v");
        var processor = ProcessorFacts.Parse(facts.Text("/proc/cpuinfo") ?? "");
        var surroundings = Surroundings.Of(facts, processor);
        if (Inventory(facts) is { } inventory && inventory.TryGetValue("PRODUCT_BRAND", out var brand))
            return XenServer(facts, inventory, brand, surroundings);
        if (surroundings.Kind.StartsWith("Xen ", StringComparison.Ordinal))
            return Xen(facts, surroundings);
        return Linux(facts, surroundings);
    }

    private static HypervisorInfo XenServer(HostFacts facts, Dictionary<string, string> inventory, string brand, Surroundings surroundings)
    {
        var kind = brand.IndexOf("XCP", StringComparison.OrdinalIgnoreCase) >= 0 ? HypervisorKind.XcpNg : HypervisorKind.XenServer;
        inventory.TryGetValue("PRODUCT_VERSION", out var version);
        var xen = XenVersion(facts) is { } number ? $" (Xen {number})" : "";
        return Info(facts, kind, $"{brand} {version}{xen}".Replace("  ", " "), version, surroundings.Kind == Surroundings.Dom0 ? HypervisorRole.Dom0 : HypervisorRole.Host, Surroundings.BareMetal, "/etc/xensource-inventory");
    }

    private static HypervisorInfo Xen(HostFacts facts, Surroundings surroundings)
    {
        var dom0 = surroundings.Kind == Surroundings.Dom0;
        var version = XenVersion(facts);
        return Info(
            facts, HypervisorKind.Xen, $"Xen {version}".TrimEnd() + (dom0 ? "" : $", {surroundings.Kind[4..]} guest"), version, dom0 ? HypervisorRole.Dom0 : HypervisorRole.DomU, dom0 ? Surroundings.BareMetal : surroundings.Kind, surroundings.Evidence);
    }

    private static HypervisorInfo Linux(HostFacts facts, Surroundings surroundings)
    {
        var module = ModuleCheck.Loaded(facts) ?? (facts.Names("/dev")?.Contains("kvm") == true && !ModuleCheck.IsPageTable(facts) ? "/dev/kvm" : null);
        var qemu = SoftwareChecks.QemuVersion(facts);
        var libvirt = SoftwareChecks.LibvirtVersion(facts);
        var programs = string.Join(", ", new[] { qemu is null ? null : $"QEMU {qemu}", libvirt is null ? null : $"libvirt {libvirt}" }.OfType<string>());
        if (module is not null)
            return Info(facts, HypervisorKind.Kvm, programs.Length > 0 ? $"KVM with {programs}" : "KVM, no QEMU installed", First(facts.Answer("uname") ?? facts.Text("/proc/version")), HypervisorRole.Host, surroundings.Kind, module);
        if (programs.Length > 0)
            return Info(facts, HypervisorKind.Qemu, programs + (ModuleCheck.IsPageTable(facts) ? ", KVM by page tables (kvm_pvm)" : ", no KVM"), qemu ?? libvirt, HypervisorRole.Host, surroundings.Kind, "QEMU or libvirt is installed, no KVM on hardware");
        return surroundings.Kind is Surroundings.Unknown or Surroundings.HyperVParent
            ? Info(facts, HypervisorKind.Unknown, "unknown", null, HypervisorRole.Unknown, surroundings.Kind, surroundings.Evidence)
            : Info(facts, HypervisorKind.None, surroundings.IsGuest ? $"a guest of {surroundings.Kind}" : "a physical machine", null, surroundings.IsGuest ? HypervisorRole.Guest : HypervisorRole.Physical, surroundings.Kind, surroundings.Evidence);
    }

    private static HypervisorInfo Windows(HostFacts facts, string windows)
    {
        var support = WindowsAssessment.Of(facts, windows);
        var said = WindowsScript.Read(windows);
        said.TryGetValue("os", out var system);
        var parent = support.RunsIn == Surroundings.HyperVParent;
        return Info(facts, parent ? HypervisorKind.HyperV : HypervisorKind.None, parent ? $"Hyper-V of {system}" : system ?? "Windows", parent ? First(system) : null, parent ? HypervisorRole.ParentPartition : support.RunsIn == Surroundings.BareMetal ? HypervisorRole.Physical : HypervisorRole.Guest, support.RunsIn, "CPUID, the service vmms")
            with { ComputerName = support.ComputerName, OperatingSystem = system };
    }

    private static HypervisorInfo Info(HostFacts facts, HypervisorKind kind, string product, string? version, HypervisorRole role, string runsIn, string evidence) => new()
    {
        ComputerName = facts.Name,
        Kind = kind,
        Product = product,
        Version = version,
        Role = role,
        RunsIn = runsIn,
        OperatingSystem = Assignments(facts.Text("/etc/os-release")).TryGetValue("PRETTY_NAME", out var name) ? name : null,
        Evidence = evidence,
    };

    private static string? XenVersion(HostFacts facts)
        => facts.Line("/sys/hypervisor/version/major") is { } major && facts.Line("/sys/hypervisor/version/minor") is { } minor ? $"{major}.{minor}{facts.Line("/sys/hypervisor/version/extra")}"
            : facts.Answer("xl")?.Split('\n').FirstOrDefault(static l => l.StartsWith("xen_version", StringComparison.Ordinal)) is { } line ? line[(line.IndexOf(':') + 1)..].Trim()
            : null;

    private static Dictionary<string, string>? Inventory(HostFacts facts) => facts.Text("/etc/xensource-inventory") is { } text ? Assignments(text) : null;

    /// <summary>Lines NAME='value' of shell, as os-release(5) and XenServer's inventory have them.</summary>
    private static Dictionary<string, string> Assignments(string? text)
    {
        var found = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var line in (text ?? "").Split('\n'))
        {
            if (line.IndexOf('=') is > 0 and var at && line[(at + 1)..].Trim().Trim('\'', '"') is { Length: > 0 } value)
                found[line[..at].Trim()] = value;
        }

        return found;
    }

    private static string? First(string? text) => text is not null && Number.Match(text) is { Success: true } found ? found.Value : null;
}
