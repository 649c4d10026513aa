using OsMigrate.Appliances.Files;
using OsMigrate.Appliances.Ovf;
using OsMigrate.Appliances.Vmx;
using OsMigrate.Disks;
using OsMigrate.Disks.Vmdk;
using OsMigrate.FileSystems.Btrfs;
using OsMigrate.FileSystems.ExFat;
using OsMigrate.FileSystems.Ext;
using OsMigrate.FileSystems.Fat;
using OsMigrate.FileSystems.Iso9660;
using OsMigrate.FileSystems.Ntfs;
using OsMigrate.FileSystems.Udf;
using OsMigrate.FileSystems.Xfs;
using OsMigrate.Fuzz.Parsers;

namespace OsMigrate.Fuzz;

/// <summary>All parsers. Disk formats come from their own list: a new one is under attack as soon as it is entered there.</summary>
internal static class Targets
{
    public static IReadOnlyList<FuzzTarget> All { get; } =
    [
        new InflaterTarget(),
        .. DiskFormats.All.Select(f => new DiskTarget(f)),
        new ArrivingTarget(),
        new TextTarget("vmdk-descriptor", s => VmdkDescriptor.Parse(s.ReadBytes(0, (int)s.Length), s.Name, 0), [Samples.VmdkDescriptor]),
        new PartitionTarget(),
        new TextTarget("ovf", s => OvfDescriptor.Read(s), [Samples.Ovf], ".ovf"),
        new TextTarget("vmx", s => VmxMachine.Read(VmxFile.Read(s)), [Samples.Vmx], ".vmx"),
        new TextTarget("manifest", s => Manifest.Parse(s), [Samples.Manifest], ".mf"),
        new TarTarget(),
        new VolumeTarget("iso", s => Iso9660Volume.Open(s), VolumeSeeds.Iso),
        new VolumeTarget("udf", UdfVolume.Open, VolumeSeeds.Udf, VolumeSeeds.RepairUdf),
        new VolumeTarget("fat", FatVolume.Open, VolumeSeeds.Fat, edit: VolumeSeeds.EditFat),
        new VolumeTarget("exfat", ExFatVolume.Open, VolumeSeeds.ExFat, VolumeSeeds.RepairExFat),
        new VolumeTarget("ntfs", NtfsVolume.Open, NtfsSeeds.Make, NtfsSeeds.Repair, NtfsSeeds.Edit),
        new HiveTarget(withLog: false),
        new HiveTarget(withLog: true),
        new VolumeTarget("ext", ExtVolume.Open, LinuxSeeds.Ext, unixNames: true),
        new VolumeTarget("xfs", XfsVolume.Open, LinuxSeeds.Xfs, unixNames: true),
        new VolumeTarget("btrfs", BtrfsVolume.Open, LinuxSeeds.Btrfs, unixNames: true),
        new TextTarget("lvm", LinuxSeeds.ReadLvm, [Samples.Lvm], ".vg"),
        new TextTarget("inf", InfSample.Read, [InfSample.Text], ".inf", ".inx"),
    ];

    public static FuzzTarget Find(string name)
        => All.FirstOrDefault(t => t.Name == name) ?? throw new ArgumentException($"no target '{name}'; --list names them");
}
