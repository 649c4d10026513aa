using OsMigrate.Guests;
using OsMigrate.Guests.Linux;

namespace OsMigrate.Module.Output;

/// <summary>What was found inside a machine's disks.</summary>
public sealed class InspectedGuest
{
    internal InspectedGuest(string path, string name, GuestOperatingSystem system)
        => (Path, Name, System) = (path, name, system);

    /// <summary>The file that was looked at.</summary>
    public string Path { get; }

    /// <summary>The machine's name; that of the file for a disk image.</summary>
    public string Name { get; }

    /// <summary>"windows", "linux" or "unknown".</summary>
    public string Family => System.Family;

    public string ProductName => System.ProductName;

    /// <summary>The release as this module knows it: "Windows Server 2019".</summary>
    public string? Release => System.Release?.Name;

    public string? Edition => System.Edition;

    public string? InstallationType => System.InstallationType;

    public Version? Version => System.Version;

    public string? Architecture => System.Architecture;

    public string? Firmware => System.Firmware;

    public string? HostName => System.HostName;

    public int SystemDisk => System.SystemDisk;

    public string? SystemVolume => System.SystemVolume;

    public string? ControlSet => System.ControlSet;

    public IReadOnlyDictionary<string, string> DriveLetters => System.DriveLetters;

    public IReadOnlyList<string> HypervisorSoftware => System.HypervisorSoftware;

    public bool HasVirtioStorage => System.HasVirtioStorage;

    public IReadOnlyList<GuestService> BootServices => System.BootServices;

    public IReadOnlyList<GuestAddress> StaticAddresses => System.StaticAddresses;

    public long FreeBytes => System.FreeBytes;

    public IReadOnlyList<string> Volumes => System.Volumes;

    /// <summary>Of a Linux: its kernels, the newest first, and whether each finds virtio disks at boot. Empty for anything else.</summary>
    public IReadOnlyList<LinuxKernel> Kernels => System.Linux?.Kernels ?? [];

    /// <summary>True when Add-VirtioDriver can prepare it.</summary>
    public bool CanPrepare => System.CanPrepare;

    public IReadOnlyList<GuestFinding> Findings => System.Findings;

    /// <summary>Everything that was found.</summary>
    public GuestOperatingSystem System { get; }
}
