using OsMigrate.Bytes;
using OsMigrate.Machines;

namespace OsMigrate.Appliances.Ovf;

/// <summary>The hard disks and drives of one machine.</summary>
internal sealed class OvfStorage
{
    private readonly OvfDescriptor _descriptor;
    private readonly Dictionary<string, OvfController> _controllers;
    private readonly VirtualBoxMachine _virtualBox;
    private readonly List<string> _warnings;
    private readonly List<(MachineDisk Disk, OvfItem Item)> _disks = [];

    public OvfStorage(OvfDescriptor descriptor, IReadOnlyList<OvfItem> items, VirtualBoxMachine virtualBox, List<string> warnings)
    {
        _descriptor = descriptor;
        _virtualBox = virtualBox;
        _warnings = warnings;
        _controllers = OvfControllers.Read(items);
        foreach (var item in items)
            Take(item);
    }

    public List<MachineDrive> Drives { get; } = [];

    /// <summary>The disks in boot order.</summary>
    /// <param name="bootOrder">InstanceIDs that a boot order names, first ones first.</param>
    /// <param name="ideFirst">True for machines whose BIOS tries IDE before SCSI (VirtualBox).</param>
    public List<MachineDisk> DisksInBootOrder(IReadOnlyList<string> bootOrder, bool ideFirst)
    {
        var ranks = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (var id in bootOrder)
            ranks.TryAdd(id, ranks.Count);
        return [.. _disks
            .OrderBy(d => ranks.TryGetValue(d.Item.InstanceId, out var rank) ? rank : int.MaxValue)
            .ThenBy(d => _descriptor.Disks.TryGetValue(d.Disk.Id, out var disk) && disk.Boot ? 0 : 1)
            .ThenBy(d => DiskOrder.Rank(d.Disk.Bus, ideFirst))
            .ThenBy(d => d.Disk.ControllerNumber)
            .ThenBy(d => d.Disk.UnitNumber)
            .Select(d => d.Disk)];
    }

    private void Take(OvfItem item)
    {
        switch (item.ResourceType)
        {
            case 14:
                Drives.Add(new MachineDrive("floppy", item.Name, DiskBus.Floppy, MediaOf(item)));
                break;
            case 15 or 16:
                Drives.Add(new MachineDrive("cdrom", item.Name, ControllerOf(item)?.Bus ?? DiskBus.Unknown, MediaOf(item)));
                break;
            case 17 or 31 or 32:
                TakeDisk(item);
                break;
            case 19 when item.HostResources.Any():
                // Citrix writes its disks as storage extents.
                TakeDisk(item);
                break;
        }
    }

    private void TakeDisk(OvfItem item)
    {
        var resource = item.HostResources.FirstOrDefault();
        if (resource is null)
        {
            _warnings.Add($"The disk '{Shown.Text(item.Name)}' names no content and is left out.");
            return;
        }

        var disk = Resolve(resource, item);
        var file = disk.FileRef is null ? null : _descriptor.Files[disk.FileRef];
        var controller = ControllerOf(item) ?? _virtualBox.ControllerOf(disk.Uuid) ?? InterfaceOf(disk);
        if (controller is null)
            _warnings.Add($"The disk '{Shown.Text(item.Name)}' hangs on a controller that the descriptor does not describe.");
        _disks.Add((new MachineDisk
        {
            Id = disk.Id,
            Label = item.Name,
            Bus = controller?.Bus ?? DiskBus.Unknown,
            ControllerModel = controller?.Model,
            ControllerNumber = controller?.Number ?? 0,
            UnitNumber = Math.Max(0, item.AddressOnParent ?? _virtualBox.UnitOf(disk.Uuid) ?? _disks.Count),
            CapacityBytes = disk.CapacityBytes,
            FileName = file?.Href,
            FileSizeBytes = file?.SizeBytes,
            ParentId = disk.ParentRef,
            Independent = item.Config.TryGetValue("backing.diskMode", out var mode) && mode.StartsWith("independent", StringComparison.OrdinalIgnoreCase),
        }, item));
    }

    /// <summary>Reads "ovf:/disk/ID", "/disk/ID", "ovf://disk/ID", "ovf:/file/ID", and oVirt's "group/image".</summary>
    private OvfDisk Resolve(string resource, OvfItem item)
    {
        var path = resource.StartsWith("ovf:", StringComparison.OrdinalIgnoreCase) ? resource.Substring(4) : resource;
        path = path.TrimStart('/');
        if (path.StartsWith("disk/", StringComparison.OrdinalIgnoreCase) && _descriptor.Disks.TryGetValue(path.Substring(5), out var disk))
            return disk;
        if (path.StartsWith("file/", StringComparison.OrdinalIgnoreCase) && _descriptor.Files.TryGetValue(path.Substring(5), out var file))
            return _descriptor.DiskOfFile(file);
        if (_descriptor.Disks.TryGetValue(path, out disk) || _descriptor.Disks.TryGetValue(path.Substring(path.LastIndexOf('/') + 1), out disk))
            return disk;
        throw new InvalidImageException(ErrorIds.BadAppliance, _descriptor.FileName, -1,
            $"{item.Element.Where()}: the disk '{Shown.Text(item.Name)}' refers to '{Shown.Text(resource)}', which is not among the disks and files of this descriptor");
    }

    private OvfController? ControllerOf(OvfItem item)
        => item.Parent is { } parent && _controllers.TryGetValue(parent, out var controller) ? controller : null;

    private static OvfController? InterfaceOf(OvfDisk disk) => disk.Interface?.ToLowerInvariant() switch
    {
        "virtio" => new OvfController(DiskBus.Virtio, 0, "virtio-blk"),
        "virtio_scsi" => new OvfController(DiskBus.Scsi, 0, "virtio-scsi"),
        "spapr_vscsi" => new OvfController(DiskBus.Scsi, 0, "spapr-vscsi"),
        "ide" => new OvfController(DiskBus.Ide, 0, null),
        "sata" => new OvfController(DiskBus.Sata, 0, "ahci"),
        _ => null,
    };

    private string? MediaOf(OvfItem item)
    {
        var resource = item.HostResources.FirstOrDefault();
        if (resource is null)
            return null;
        var id = resource.Substring(resource.LastIndexOf('/') + 1);
        return _descriptor.Files.TryGetValue(id, out var file) ? file.Href : resource;
    }
}
