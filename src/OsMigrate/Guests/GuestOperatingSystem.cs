using OsMigrate.Guests.Linux;
using OsMigrate.Guests.Windows;

namespace OsMigrate.Guests;

/// <summary>How much a finding weighs.</summary>
public enum GuestFindingKind
{
    /// <summary>Worth knowing.</summary>
    Note,

    /// <summary>The guest may not start, or not as it did before.</summary>
    Warning,

    /// <summary>The guest cannot be prepared as it is.</summary>
    Blocker,
}

/// <summary>Something about a guest that matters for moving it.</summary>
/// <param name="Id">Stable: "Guest.Hibernated".</param>
/// <param name="Advice">What to do about it; null for nothing.</param>
public sealed record GuestFinding(GuestFindingKind Kind, string Id, string Text, string? Advice = null)
{
    public override string ToString() => Advice is null ? Text : $"{Text} {Advice}";
}

/// <summary>A service of the guest that starts with the system.</summary>
/// <param name="Start">0 boot, 1 system, 2 automatic.</param>
public sealed record GuestService(string Name, uint Start, string? ImagePath);

/// <summary>The fixed address of an adapter.</summary>
/// <param name="InterfaceId">GUID of the interface.</param>
/// <param name="MacAddress">Null where the guest does not record it.</param>
public sealed record GuestAddress(string InterfaceId, string? MacAddress, IReadOnlyList<string> Addresses, IReadOnlyList<string> SubnetMasks, IReadOnlyList<string> Gateways, IReadOnlyList<string> NameServers);

/// <summary>What was found on the disks of a guest, without starting it.</summary>
public sealed record GuestOperatingSystem
{
    /// <summary>"windows", "linux" or "unknown".</summary>
    public required string Family { get; init; }

    /// <summary>"Windows Server 2019 Standard", as the guest itself says.</summary>
    public string ProductName { get; init; } = "";

    /// <summary>Null where the version is not known here.</summary>
    public WindowsRelease? Release { get; init; }

    /// <summary>"Standard", "Enterprise" ... as EditionID says.</summary>
    public string? Edition { get; init; }

    /// <summary>"Client", "Server" or "Server Core".</summary>
    public string? InstallationType { get; init; }

    public Version? Version { get; init; }

    /// <summary>x86, amd64 or arm64.</summary>
    public string? Architecture { get; init; }

    /// <summary>"bios" or "uefi", by the boot loaders on the disks.</summary>
    public string? Firmware { get; init; }

    public string? HostName { get; init; }

    /// <summary>Position of the disk with the system.</summary>
    public int SystemDisk { get; init; }

    /// <summary>Where on the disks the system is: "partition 2 of disk 0".</summary>
    public string? SystemVolume { get; init; }

    /// <summary>"Windows".</summary>
    public string? SystemRoot { get; init; }

    /// <summary>"ControlSet001".</summary>
    public string? ControlSet { get; init; }

    /// <summary>Letter to place: "C:" to "partition 2 of disk 0".</summary>
    public IReadOnlyDictionary<string, string> DriveLetters { get; init; } = new Dictionary<string, string>(StringComparer.Ordinal);

    /// <summary>Tools and drivers of hypervisors that are installed: "VMware Tools 11.0.5", "viostor (boot)".</summary>
    public IReadOnlyList<string> HypervisorSoftware { get; init; } = [];

    /// <summary>True when a virtio storage driver starts at boot already.</summary>
    public bool HasVirtioStorage { get; init; }

    public IReadOnlyList<GuestService> BootServices { get; init; } = [];

    public IReadOnlyList<GuestAddress> StaticAddresses { get; init; } = [];

    public long FreeBytes { get; init; }

    /// <summary>What only a Linux has; null for anything else.</summary>
    public LinuxGuest? Linux { get; init; }

    /// <summary>All volumes that were seen.</summary>
    public IReadOnlyList<string> Volumes { get; init; } = [];

    public IReadOnlyList<GuestFinding> Findings { get; init; } = [];

    /// <summary>True when nothing speaks against preparing it.</summary>
    public bool CanPrepare => Family == "windows" && !Findings.Any(static f => f.Kind == GuestFindingKind.Blocker);
}
