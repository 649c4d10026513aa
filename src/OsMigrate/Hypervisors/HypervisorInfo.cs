namespace OsMigrate.Hypervisors;

/// <summary>Kinds of hypervisors, as far as they matter for a migration.</summary>
public enum HypervisorKind
{
    /// <summary>It could not be seen.</summary>
    Unknown,

    /// <summary>The host is none: an ordinary machine or a guest.</summary>
    None,

    /// <summary>Linux with KVM; libvirt and QEMU where they are installed.</summary>
    Kvm,

    /// <summary>QEMU without a processor's virtualization.</summary>
    Qemu,

    /// <summary>Xen of a Linux distribution.</summary>
    Xen,

    XcpNg,

    /// <summary>XenServer or Citrix Hypervisor.</summary>
    XenServer,

    Esxi,

    VCenter,

    HyperV,
}

/// <summary>What part a host plays.</summary>
public enum HypervisorRole
{
    Unknown,

    /// <summary>Runs virtual machines.</summary>
    Host,

    /// <summary>Xen's control domain.</summary>
    Dom0,

    /// <summary>A guest of Xen.</summary>
    DomU,

    /// <summary>Hyper-V's parent partition.</summary>
    ParentPartition,

    /// <summary>A guest of another hypervisor that runs none itself.</summary>
    Guest,

    /// <summary>A physical machine that runs none.</summary>
    Physical,

    /// <summary>Does not run machines, but manages hosts.</summary>
    Management,
}

/// <summary>What a host is, and what that means for moving its machines to KVM.</summary>
public sealed record HypervisorInfo
{
    public required string ComputerName { get; init; }

    public required HypervisorKind Kind { get; init; }

    /// <summary>"Xen 4.17.3", "VMware ESXi 8.0.2 build-22380479".</summary>
    public required string Product { get; init; }

    /// <summary>Of the hypervisor; null when it does not say.</summary>
    public string? Version { get; init; }

    public required HypervisorRole Role { get; init; }

    /// <summary>What the host itself runs in.</summary>
    public required string RunsIn { get; init; }

    /// <summary>Of the host or its control domain; null when it does not say.</summary>
    public string? OperatingSystem { get; init; }

    /// <summary>By what the kind was seen.</summary>
    public required string Evidence { get; init; }

    /// <summary>In one sentence what moving its machines to KVM takes.</summary>
    public string Migration => Kind switch
    {
        HypervisorKind.Xen or HypervisorKind.XcpNg or HypervisorKind.XenServer => "Every guest changes its disk and network drivers, its device names and its console; PV guests also need a boot loader and an ordinary kernel (Get-HypervisorInfo -Compare).",
        HypervisorKind.Kvm or HypervisorKind.Qemu => "Guests have virtio already, or QEMU's emulated devices: disks can be taken as they are.",
        HypervisorKind.Esxi or HypervisorKind.VCenter => "Guests change from pvscsi and vmxnet3 to virtio: Convert-ToOpenStack does that.",
        HypervisorKind.HyperV => "Guests change from Hyper-V's devices to virtio; generation 2 machines need UEFI.",
        _ => "It runs no machines that could be moved.",
    };

    public override string ToString() => $"{ComputerName}: {Product}";
}
