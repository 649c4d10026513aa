using OsMigrate.VSphere.Soap;
using OsMigrate.VSphere.Properties;

namespace OsMigrate.VSphere.Inventory;

/// <summary>Reads what only an assessment asks for.</summary>
/// <remarks>vSphere Web Services API: VirtualMachineConfigInfo, GuestDiskInfo, VirtualMachineQuickStats, VirtualSCSIController.</remarks>
internal static class TraitsReader
{
    /// <summary>Properties of API 5.1 and later.</summary>
    public static IReadOnlyList<string> Paths { get; } =
    [
        "config.cpuHotAddEnabled", "config.memoryHotAddEnabled", "config.cpuAffinity", "config.memoryAffinity", "config.nestedHVEnabled", "config.flags", "config.latencySensitivity",
        "config.cpuAllocation", "config.memoryAllocation", "config.managedBy", "config.hardware.device", "guest.disk", "guest.guestFullName", "summary.quickStats", "layoutEx",
    ];

    public static VSphereTraits Read(VimObject found)
    {
        var devices = found.Data("config.hardware.device")?.List("VirtualDevice").ToList();
        var configured = found.Data("config.flags") is not null;
        return new VSphereTraits
        {
            CpuHotAdd = found.Bool("config.cpuHotAddEnabled") ?? (configured ? false : null),
            MemoryHotAdd = found.Bool("config.memoryHotAddEnabled") ?? (configured ? false : null),
            BalloonedMiB = found.Data("summary.quickStats")?.Long("balloonedMemory"),
            CpuAffinity = Set(found.Data("config.cpuAffinity")) ?? (configured ? "" : null),
            NumaAffinity = Set(found.Data("config.memoryAffinity")) ?? (configured ? "" : null),
            NestedVirtualization = found.Bool("config.nestedHVEnabled") ?? (configured ? false : null),
            DiskUuidEnabled = found.Data("config.flags")?.Bool("diskUuidEnabled") ?? (configured ? false : null),
            LatencySensitivity = found.Data("config.latencySensitivity")?.Text("level") ?? (configured ? "normal" : null),
            CpuReservationMHz = found.Data("config.cpuAllocation")?.Long("reservation"),
            MemoryReservationMiB = found.Data("config.memoryAllocation")?.Long("reservation"),
            IsRecoveryPlaceholder = IsPlaceholder(found.Data("config.managedBy")),
            SharedBusDisks = devices is null ? null : SharedBus(devices),
            UsbControllers = devices is null ? null : [.. devices.Where(static d => d.TypeName.StartsWith("VirtualUSB", StringComparison.Ordinal) && d.TypeName.EndsWith("Controller", StringComparison.Ordinal)).Select(Label)],
            FileSystems = found.Data("guest.disk") is { } disks ? [.. disks.List("GuestDiskInfo").Select(FileSystem)] : null,
            RunningGuest = found.Text("guest.guestFullName") is { Length: > 0 } name ? name : null,
            SnapshotBytes = SnapshotSize(found.Data("layoutEx")),
        };
    }

    private static string? Set(VimData? affinity) => affinity is { } a ? string.Join(",", a.List("affinitySet").Select(static v => v.Value)) : null;

    /// <summary>Site Recovery Manager's extension marks the machines it only keeps a place for.</summary>
    private static bool IsPlaceholder(VimData? managedBy)
        => managedBy is { } by && (by.Text("extensionKey") ?? "").StartsWith("com.vmware.vcDr", StringComparison.Ordinal) && (by.Text("type") ?? "").IndexOf("placeholder", StringComparison.OrdinalIgnoreCase) >= 0;

    private static IReadOnlyList<string> SharedBus(List<VimData> devices)
    {
        var shared = devices.Where(static d => d.Text("sharedBus") is "virtualSharing" or "physicalSharing").Select(static d => d.Int("key")).ToList();
        return [.. devices.Where(d => d.TypeName == "VirtualDisk" && d.Int("controllerKey") is { } key && shared.Contains(key)).Select(Label)];
    }

    private static GuestFileSystem FileSystem(VimData disk) => new(disk.Text("diskPath") ?? "", disk.Long("capacity") ?? 0, disk.Long("freeSpace") ?? 0);

    private static long? SnapshotSize(VimData? layout)
        => layout is { } files ? files.List("file").Where(static f => f.Text("type") is "snapshotData" or "snapshotMemory").Sum(static f => Math.Max(0, f.Long("size") ?? 0)) : null;

    private static string Label(VimData device) => device.Child("deviceInfo")?.Text("label") ?? device.TypeName;
}
