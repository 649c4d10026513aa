namespace OsMigrate.Hypervisors;

/// <summary>In one word, how a host runs virtual machines.</summary>
public enum KvmVerdict
{
    /// <summary>Not enough could be seen.</summary>
    Unknown,

    /// <summary>KVM with the processor's virtualization: a type-1 hypervisor, being part of the kernel.</summary>
    Kvm,

    /// <summary>All that can be seen speaks for KVM, but no guest was run.</summary>
    KvmLikely,

    /// <summary>/dev/kvm runs guests, but interprets them: no acceleration.</summary>
    KvmInterpreted,

    /// <summary>The processor could, but something is in the way: QEMU alone until then.</summary>
    KvmBlocked,

    /// <summary>QEMU translates guests by its TCG: a type-2 hypervisor, emulation only.</summary>
    QemuOnly,

    /// <summary>The control domain of Xen, a type-1 hypervisor: KVM cannot run beside it.</summary>
    XenDom0,

    /// <summary>A guest of Xen.</summary>
    XenGuest,

    /// <summary>A host of another hypervisor: ESXi, Hyper-V.</summary>
    Other,
}
