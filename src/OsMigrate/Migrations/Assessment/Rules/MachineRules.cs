using OsMigrate.Machines;
using static OsMigrate.VSphere.Inventory.InventoryFacts;

namespace OsMigrate.Migrations.Assessment.Rules;

/// <summary>The machine as a whole: state, firmware, processors and memory.</summary>
internal static class MachineRules
{
    /// <summary>Nova's default of [libvirt] for x86 machines ends here; larger ones need a machine type and host made for it.</summary>
    private const int ManyCpus = 240;

    private const long MuchMemoryMiB = 4L << 20;

    public static IReadOnlyList<AssessmentRule> All { get; } =
    [
        new("openstack.machine.inaccessible", ConcernCategory.Critical, "The machine cannot be reached",
            "vCenter has no access to the machine or its host, so nothing of it can be read.", "Bring the host or the datastore back, or remove the machine from the inventory.",
            Connection, static s => Finding.When(s.Machine.ConnectionState is not ("" or "connected"), $"connection state: {s.Machine.ConnectionState}")),
        new("openstack.machine.srm_placeholder", ConcernCategory.Critical, "Placeholder of Site Recovery Manager",
            "It only keeps a place for a machine that is protected elsewhere; it has no disks of its own.", "Move the machine at the protected site instead.",
            None, static s => Finding.When(s.Traits.IsRecoveryPlaceholder, "marked as a placeholder")),
        new("openstack.machine.template", ConcernCategory.Information, "Template",
            "A template becomes an image rather than a server.", "Convert it with -OutputDirectory and send the image to Glance, or leave it behind.",
            None, static s => Finding.When(s.Machine.IsTemplate, "it is a template")),
        new("openstack.machine.suspended", ConcernCategory.Warning, "Suspended",
            "The memory of a suspended machine does not move: its guest would start as after a power cut.", "Resume it and shut it down, or move it while it runs.",
            Power, static s => Finding.When(s.Machine.PowerState == "suspended", "power state: suspended")),
        new("vmware.vm_powered_off.detected", ConcernCategory.Information, "Powered off",
            "Addresses of a machine that is off are not known, so static ones must be looked up in its disk.", "None needed; start it once before the move if its addresses should be in this report.",
            Power, static s => Finding.When(s.Machine.PowerState == "poweredOff", "power state: poweredOff")),
        new("openstack.encryption.enabled", ConcernCategory.Critical, "Encrypted",
            "vSphere hands out encrypted disks only as they lie on the datastore, and its keys do not leave it.", "Decrypt the machine (its VM storage policy) before the move; choose an encrypted volume type in OpenStack if it must stay encrypted.",
            Encryption, static s => Finding.Of(s.Machine.Disks.Where(static d => d.IsEncrypted).Select(RuleSubject.Name).DefaultIfEmpty(s.Machine.IsEncrypted ? "its configuration" : "").Where(static e => e.Length > 0))),
        new("openstack.hardware_version.old", ConcernCategory.Warning, "Hardware version below 7",
            "Changed block tracking needs hardware version 7, so a warm move is not possible.", "Move it while it is off, or upgrade its compatibility first.",
            HardwareVersion, static s => s.HardwareGeneration is { } n ? Finding.When(n < 7, $"hardware version {n}") : Finding.Unknown),
        new("openstack.firmware.uefi", ConcernCategory.Information, "Starts with UEFI",
            "Boot entries in the NVRAM stay behind; the guest must start from the fallback path, which the move repairs for Windows.", "Check that the cloud has UEFI firmware (OVMF) on its compute hosts.",
            Hardware, static s => Finding.When(s.Machine.Firmware == FirmwareType.Efi, "firmware: efi")),
        new("openstack.secure_boot", ConcernCategory.Advisory, "Secure boot",
            "It is carried over as os_secure_boot=required, which needs compute hosts with signed OVMF and q35.", "Ask the cloud's operator for hosts with secure boot, or turn it off before the move.",
            Hardware, static s => Finding.When(s.Machine.SecureBoot, "secure boot is on")),
        new("openstack.cpu.many", ConcernCategory.Warning, "Very many processors",
            "Few clouds have hosts and machine types for so many processors.", "Ask the cloud's operator for a flavor of this size.",
            Hardware, static s => Finding.When(s.Machine.CpuCount > ManyCpus, $"{s.Machine.CpuCount} processors")),
        new("openstack.memory.much", ConcernCategory.Warning, "Very much memory",
            "Few clouds have hosts with so much memory.", "Ask the cloud's operator for a flavor of this size.",
            Hardware, static s => Finding.When(s.Machine.MemoryMiB > MuchMemoryMiB, Bytes.ByteSize.Text(s.Machine.MemoryMiB << 20))),
        new("openstack.nested_virtualization", ConcernCategory.Warning, "Runs virtual machines itself",
            "It needs a flavor and hosts that pass hardware virtualization on.", "Ask the cloud's operator for nested virtualization, or turn it off where it is not used.",
            Tuning, static s => Finding.When(s.Traits.NestedVirtualization, "hardware virtualization is exposed to the guest")),
        new("openstack.latency_sensitivity", ConcernCategory.Advisory, "Sensitive to latency",
            "vSphere keeps processors free for it; in OpenStack that is a property of the flavor.", "Ask for a flavor with hw:cpu_policy=dedicated.",
            Tuning, static s => s.Traits.LatencySensitivity is { } level ? Finding.When(level.Equals("high", StringComparison.OrdinalIgnoreCase), $"latency sensitivity: {level}") : Finding.Unknown),
        new("openstack.reservation", ConcernCategory.Information, "Reserved processors or memory",
            "Reservations do not move; what a server gets follows from its flavor and the hosts' allocation ratios.", "Choose a flavor or host aggregate without over-commitment where the reservation matters.",
            Tuning, static s => s.Traits is { CpuReservationMHz: null, MemoryReservationMiB: null } ? Finding.Unknown
                : Finding.Of(new[] { s.Traits.CpuReservationMHz is > 0 and var mhz ? $"{mhz} MHz" : "", s.Traits.MemoryReservationMiB is > 0 and var mib ? $"{mib} MiB" : "" }.Where(static e => e.Length > 0))),
        new("vmware.cpu_affinity.detected", ConcernCategory.Warning, "Pinned to processors",
            "The pinning does not move.", "Ask for a flavor with hw:cpu_policy=dedicated where it is needed.",
            Affinity, static s => s.Traits.CpuAffinity is { } set ? Finding.When(set.Length > 0, $"processors {set}") : Finding.Unknown),
        new("vmware.numa_affinity.detected", ConcernCategory.Warning, "Pinned to NUMA nodes",
            "The pinning does not move.", "Ask for a flavor with hw:numa_nodes where it is needed.",
            Affinity, static s => s.Traits.NumaAffinity is { } set ? Finding.When(set.Length > 0, $"NUMA nodes {set}") : Finding.Unknown),
        new("vmware.cpu_memory.hotplug.enabled", ConcernCategory.Information, "Hot-add of processors or memory",
            "A server gets more processors or memory by a resize, which restarts it.", "None needed; tell those who rely on it.",
            HotAdd, static s => s.Traits is { CpuHotAdd: null, MemoryHotAdd: null } ? Finding.Unknown
                : Finding.Of(new[] { s.Traits.CpuHotAdd == true ? "processors" : "", s.Traits.MemoryHotAdd == true ? "memory" : "" }.Where(static e => e.Length > 0))),
        new("openstack.memory.ballooned", ConcernCategory.Advisory, "Memory was taken back by the host",
            "The host is short of memory and the machine does without some of what it has; in OpenStack it will hold all of it.", "Count the whole memory when you size the cloud.",
            Ballooning, static s => s.Traits.BalloonedMiB is { } mib ? Finding.When(mib > 0, $"{mib} MiB ballooned") : s.IsOn ? Finding.Unknown : Finding.Clear),
    ];
}
