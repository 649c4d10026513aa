using OsMigrate.Machines;
using OsMigrate.VSphere.Soap;

namespace OsMigrate.VSphere.Inventory;

/// <summary>Reads the devices of a machine's hardware.</summary>
/// <remarks>vSphere Web Services API, VirtualDevice and what derives from it.</remarks>
internal sealed class DeviceReader
{
    private static readonly Dictionary<string, (DiskBus Bus, string Model)> Controllers = new(StringComparer.Ordinal)
    {
        ["ParaVirtualSCSIController"] = (DiskBus.Scsi, "pvscsi"),
        ["VirtualLsiLogicController"] = (DiskBus.Scsi, "lsilogic"),
        ["VirtualLsiLogicSASController"] = (DiskBus.Scsi, "lsisas1068"),
        ["VirtualBusLogicController"] = (DiskBus.Scsi, "buslogic"),
        ["VirtualAHCIController"] = (DiskBus.Sata, "ahci"),
        ["VirtualSATAController"] = (DiskBus.Sata, "ahci"),
        ["VirtualIDEController"] = (DiskBus.Ide, "ide"),
        ["VirtualNVMEController"] = (DiskBus.Nvme, "nvme"),
    };

    private static readonly Dictionary<string, string> Cards = new(StringComparer.Ordinal)
    {
        ["VirtualVmxnet3"] = "vmxnet3",
        ["VirtualVmxnet3Vrdma"] = "vmxnet3",
        ["VirtualVmxnet2"] = "vmxnet2",
        ["VirtualVmxnet"] = "vmxnet",
        ["VirtualE1000"] = "e1000",
        ["VirtualE1000e"] = "e1000e",
        ["VirtualPCNet32"] = "pcnet32",
        ["VirtualSriovEthernetCard"] = "sriov",
    };

    private static readonly Dictionary<string, string> Others = new(StringComparer.Ordinal)
    {
        ["VirtualSerialPort"] = "serial",
        ["VirtualParallelPort"] = "parallel",
        ["VirtualUSB"] = "usb",
        ["VirtualPCIPassthrough"] = "passthrough",
        ["VirtualSCSIPassthrough"] = "passthrough",
        ["VirtualHdAudioCard"] = "sound",
        ["VirtualEnsoniq1371"] = "sound",
        ["VirtualSoundBlaster16"] = "sound",
        ["VirtualTPM"] = "tpm",
    };

    private readonly List<VimData> _devices;
    private readonly Dictionary<int, (DiskBus Bus, string Model, int Number, string Type)> _controllers = [];
    private readonly IReadOnlyList<int> _bootKeys;

    /// <param name="devices">The list virtualDevice.</param>
    /// <param name="bootKeys">Keys of disks that the boot order names, the first first.</param>
    public DeviceReader(IEnumerable<VimData> devices, IReadOnlyList<int> bootKeys)
    {
        _devices = [.. devices];
        _bootKeys = bootKeys;
        foreach (var device in _devices)
        {
            if (Controllers.TryGetValue(device.TypeName, out var known) && device.Int("key") is { } key)
                _controllers[key] = (known.Bus, known.Model, device.Int("busNumber") ?? 0, device.TypeName);
        }
    }

    public bool HasTpm => _devices.Any(static d => d.TypeName == "VirtualTPM");

    public IReadOnlyList<VSphereDisk> Disks() =>
    [
        .. _devices.Where(static d => d.TypeName == "VirtualDisk").Select(Disk)
            .OrderBy(d => _bootKeys.Contains(d.Key) ? _bootKeys.ToList().IndexOf(d.Key) : int.MaxValue)
            .ThenBy(static d => DiskOrder.Rank(d.Bus, ideFirst: false)).ThenBy(static d => d.ControllerNumber).ThenBy(static d => d.UnitNumber),
    ];

    public IReadOnlyList<VSphereNic> Nics(Func<VimData, string?> networkOf, Func<int, IReadOnlyList<string>> addressesOf) =>
    [
        .. _devices.Where(static d => Cards.ContainsKey(d.TypeName)).Select(d => new VSphereNic
        {
            Key = d.Int("key") ?? 0,
            Label = Label(d),
            MacAddress = MacAddress.Normalise(d.Text("macAddress")),
            Model = Cards[d.TypeName],
            NetworkName = d.Child("backing") is { } backing ? networkOf(backing) : null,
            IPAddresses = addressesOf(d.Int("key") ?? 0),
            StartsConnected = d.Child("connectable")?.Bool("startConnected") ?? true,
        }),
    ];

    public IReadOnlyList<MachineDrive> Drives() =>
    [
        .. _devices.Where(static d => d.TypeName is "VirtualCdrom" or "VirtualFloppy").Select(d => new MachineDrive(
            d.TypeName == "VirtualCdrom" ? "cdrom" : "floppy", Label(d), Controller(d).Bus, d.Child("backing")?.Text("fileName") is { Length: > 0 } file ? file : null)),
    ];

    public IReadOnlyList<MachineDevice> OtherDevices()
        => [.. _devices.Where(static d => Others.ContainsKey(d.TypeName)).Select(static d => new MachineDevice(Others[d.TypeName], Label(d)))];

    private (DiskBus Bus, string? Model, int Number, string Type) Controller(VimData device)
        => device.Int("controllerKey") is { } key && _controllers.TryGetValue(key, out var known) ? known : (DiskBus.Unknown, null, 0, "");

    private VSphereDisk Disk(VimData device)
    {
        var (bus, model, number, type) = Controller(device);
        var backing = device.Child("backing");
        return new VSphereDisk
        {
            Key = device.Int("key") ?? 0,
            Label = Label(device),
            Bus = bus,
            ControllerModel = model,
            ControllerType = type,
            ControllerNumber = number,
            UnitNumber = device.Int("unitNumber") ?? 0,
            CapacityBytes = device.Long("capacityInBytes") is > 0 and var bytes ? bytes : (device.Long("capacityInKB") ?? 0) * 1024,
            Backing = Kind(backing),
            FileName = backing?.Text("fileName") ?? "",
            ParentFiles = [.. Parents(backing)],
            Mode = backing?.Text("diskMode") ?? "",
            Sharing = backing?.Text("sharing") ?? "",
            IsThin = backing?.Bool("thinProvisioned") ?? false,
            IsEncrypted = backing?.Child("keyId") is not null,
            ChangeId = backing?.Text("changeId") is { Length: > 0 } change ? change : null,
            Uuid = backing?.Text("uuid"),
        };
    }

    private static DiskBacking Kind(VimData? backing) => backing?.TypeName switch
    {
        "VirtualDiskFlatVer2BackingInfo" or "VirtualDiskFlatVer1BackingInfo" => DiskBacking.Flat,
        "VirtualDiskSeSparseBackingInfo" => DiskBacking.SeSparse,
        "VirtualDiskSparseVer2BackingInfo" or "VirtualDiskSparseVer1BackingInfo" => DiskBacking.Sparse,
        "VirtualDiskRawDiskMappingVer1BackingInfo" => backing.Value.Text("compatibilityMode") == "physicalMode" ? DiskBacking.RawPhysical : DiskBacking.RawVirtual,
        _ => DiskBacking.Other,
    };

    private static IEnumerable<string> Parents(VimData? backing)
    {
        for (var (parent, depth) = (backing?.Child("parent"), 0); parent is { } at && depth < 64; parent = at.Child("parent"), depth++)
            yield return at.Text("fileName") ?? "";
    }

    private static string Label(VimData device) => device.Child("deviceInfo")?.Text("label") ?? "";
}
