namespace OsMigrate.VSphere.Inventory;

/// <summary>What a source tells of its machines. What is not in here is not "no", it is not known.</summary>
[Flags]
public enum InventoryFacts
{
    None = 0,

    /// <summary>Processors, memory, firmware and secure boot.</summary>
    Hardware = 1 << 0,

    HardwareVersion = 1 << 1,

    Power = 1 << 2,

    /// <summary>Whether the server reaches the machine.</summary>
    Connection = 1 << 3,

    /// <summary>The system that the machine's owner says is installed.</summary>
    Guest = 1 << 4,

    /// <summary>State of VMware Tools.</summary>
    Tools = 1 << 5,

    /// <summary>Name and addresses that the guest has given itself.</summary>
    GuestNetwork = 1 << 6,

    /// <summary>Which disks there are, and on which controller.</summary>
    HardDisks = 1 << 7,

    /// <summary>Raw devices, modes, files of the disks.</summary>
    DiskBackings = 1 << 8,

    /// <summary>Multi-writer disks and shared buses.</summary>
    DiskSharing = 1 << 9,

    /// <summary>Parents of the disks, by which linked clones are told.</summary>
    DiskChains = 1 << 10,

    Nics = 1 << 11,

    Snapshots = 1 << 12,

    /// <summary>Whether a snapshot's files wait to be merged.</summary>
    Consolidation = 1 << 13,

    Usb = 1 << 14,

    /// <summary>Serial and parallel ports.</summary>
    Ports = 1 << 15,

    /// <summary>Devices of the host that were passed through.</summary>
    Passthrough = 1 << 16,

    Tpm = 1 << 17,

    Encryption = 1 << 18,

    ChangeTracking = 1 << 19,

    HotAdd = 1 << 20,

    Ballooning = 1 << 21,

    /// <summary>Processors or NUMA nodes that a machine is pinned to.</summary>
    Affinity = 1 << 22,

    /// <summary>File systems as VMware Tools sees them.</summary>
    GuestFileSystems = 1 << 23,

    /// <summary>HA and DRS of the cluster, fault tolerance.</summary>
    Clusters = 1 << 24,

    /// <summary>DRS rules and vApps.</summary>
    ClusterRules = 1 << 25,

    Datastores = 1 << 26,

    /// <summary>Sizes of the disks.</summary>
    DiskSizes = 1 << 28,

    /// <summary>Reservations, latency sensitivity, nested virtualization.</summary>
    Tuning = 1 << 27,

    All = (1 << 29) - 1,
}
