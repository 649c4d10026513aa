using OsMigrate.Machines;

namespace OsMigrate.VSphere.Inventory;

/// <summary>How a virtual disk is stored.</summary>
public enum DiskBacking
{
    /// <summary>A -flat.vmdk, or a chain of deltas over one.</summary>
    Flat,

    /// <summary>A delta of the kind seSparse.</summary>
    SeSparse,

    /// <summary>A sparse file of a hosted product.</summary>
    Sparse,

    /// <summary>A raw device, mapped so that snapshots work.</summary>
    RawVirtual,

    /// <summary>A raw device, passed through.</summary>
    RawPhysical,

    /// <summary>Anything else: a device of the client, persistent memory.</summary>
    Other,
}

/// <summary>A virtual disk of a machine in vSphere.</summary>
public sealed record VSphereDisk
{
    /// <summary>Key of the device within its machine: 2000 and so on.</summary>
    public int Key { get; init; }

    /// <summary>"Hard disk 1", in the language of the server.</summary>
    public string Label { get; init; } = "";

    public DiskBus Bus { get; init; }

    /// <summary>pvscsi, lsilogic, lsisas1068, buslogic, ahci, ide, nvme; null when not known.</summary>
    public string? ControllerModel { get; init; }

    /// <summary>The controller's type in the API ("ParaVirtualSCSIController"), by which leases name disks; empty when not known.</summary>
    public string ControllerType { get; init; } = "";

    /// <summary>Number of the controller on its bus, from 0.</summary>
    public int ControllerNumber { get; init; }

    /// <summary>Position on the controller, from 0.</summary>
    public int UnitNumber { get; init; }

    public long CapacityBytes { get; init; }

    public DiskBacking Backing { get; init; }

    /// <summary>"[datastore1] web01/web01.vmdk": the descriptor of what is being written now; empty where there is no file.</summary>
    public string FileName { get; init; } = "";

    /// <summary>The deltas' parents, nearest first; empty without snapshots.</summary>
    public IReadOnlyList<string> ParentFiles { get; init; } = [];

    /// <summary>persistent, independent_persistent, nonpersistent ...</summary>
    public string Mode { get; init; } = "";

    /// <summary>sharingMultiWriter, or sharingNone.</summary>
    public string Sharing { get; init; } = "";

    public bool IsThin { get; init; }

    public bool IsEncrypted { get; init; }

    /// <summary>"UUID/N" of change tracking; null without it.</summary>
    public string? ChangeId { get; init; }

    /// <summary>Identity of the disk that the guest sees as its serial number; null when there is none.</summary>
    public string? Uuid { get; init; }

    /// <summary>"scsi0:1"</summary>
    public string Address => $"{Bus.ToString().ToLowerInvariant()}{ControllerNumber}:{UnitNumber}";

    /// <summary>Snapshots set this disk aside.</summary>
    public bool IsIndependent => Mode.IndexOf("independent", StringComparison.OrdinalIgnoreCase) >= 0;

    public bool IsShared => Sharing == "sharingMultiWriter";

    /// <summary>Why it cannot be copied; null when it can.</summary>
    public string? Obstacle => Backing switch
    {
        DiskBacking.RawPhysical => "it is a raw device in physical mode, which no export can read",
        DiskBacking.Other => "its content does not lie in a file of a datastore",
        _ when IsEncrypted => "it is encrypted",
        _ => null,
    };
}
