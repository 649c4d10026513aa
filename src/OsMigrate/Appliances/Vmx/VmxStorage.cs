using OsMigrate.Bytes;
using OsMigrate.Machines;

namespace OsMigrate.Appliances.Vmx;

/// <summary>The disks and drives of a VMX, in the order the machine starts from them.</summary>
internal sealed class VmxStorage
{
    // Upper ends of what vSphere 8 allows, with room.
    private static readonly (string Prefix, DiskBus Bus, int Controllers, int Units)[] Buses =
    [
        ("scsi", DiskBus.Scsi, 4, 256),
        ("sata", DiskBus.Sata, 4, 30),
        ("nvme", DiskBus.Nvme, 4, 256),
        ("ide", DiskBus.Ide, 2, 2),
    ];

    private readonly VmxFile _file;
    private readonly List<string> _warnings;
    private readonly List<MachineDisk> _disks = [];
    private readonly List<MachineDrive> _drives = [];

    public VmxStorage(VmxFile file, List<string> warnings)
    {
        (_file, _warnings) = (file, warnings);
        foreach (var (prefix, bus, controllers, units) in Buses)
        {
            for (var controller = 0; controller < controllers; controller++)
            {
                for (var unit = 0; unit < units; unit++)
                    Add(prefix, bus, controller, unit);
            }
        }

        for (var i = 0; i < 2; i++)
        {
            if (file.IsTrue($"floppy{i}.present"))
                _drives.Add(new MachineDrive("floppy", $"floppy{i}", DiskBus.Floppy, file[$"floppy{i}.fileName"]));
        }
    }

    public IReadOnlyList<MachineDrive> Drives => _drives;

    public IReadOnlyList<MachineDisk> DisksInBootOrder()
    {
        // bios.hddOrder lists addresses ("scsi0:1,scsi0:0"); what it does not name keeps the usual order behind them.
        var stated = (_file["bios.hddOrder"] ?? "").Split(',').Select(a => a.Trim().ToLowerInvariant()).ToList();
        int Stated(MachineDisk disk) => stated.IndexOf(disk.Id) is >= 0 and var place ? place : int.MaxValue;
        return _disks.OrderBy(Stated)
            .ThenBy(d => DiskOrder.Rank(d.Bus, ideFirst: false))
            .ThenBy(d => d.ControllerNumber)
            .ThenBy(d => d.UnitNumber)
            .Select((d, i) => d with { Label = $"Hard disk {i + 1}" })
            .ToList();
    }

    private void Add(string prefix, DiskBus bus, int controller, int unit)
    {
        var id = $"{prefix}{controller}:{unit}";
        if (!_file.IsTrue(id + ".present"))
            return;
        var type = _file[id + ".deviceType"]?.ToLowerInvariant();
        var name = _file[id + ".fileName"];
        if (type is not null && (type.Contains("cdrom") || type.Contains("dvd")))
        {
            _drives.Add(new MachineDrive("cdrom", id, bus, type.Contains("image") ? name : null));
            return;
        }

        if (type is "rawdisk" or "scsi-passthru" or "scsi-nonpassthru-rdm" or "scsi-passthru-rdm")
        {
            _warnings.Add($"The disk {id} lies on a device of the host (raw device mapping) and is not moved.");
            return;
        }

        if (name is null)
        {
            _warnings.Add($"The disk {id} has no file and is left out.");
            return;
        }

        _disks.Add(new MachineDisk
        {
            Id = id,
            Bus = bus,
            ControllerModel = bus == DiskBus.Scsi ? _file[$"{prefix}{controller}.virtualDev"]?.ToLowerInvariant() ?? "lsilogic" : prefix switch { "sata" => "ahci", "nvme" => "nvme", _ => "piix4" },
            ControllerNumber = controller,
            UnitNumber = unit,
            FileName = name,
            Independent = _file[id + ".mode"]?.StartsWith("independent", StringComparison.OrdinalIgnoreCase) ?? false,
        });
    }
}
