using OsMigrate.Bytes;
using OsMigrate.Disks;
using OsMigrate.Disks.Copying;
using OsMigrate.FileSystems;
using OsMigrate.FileSystems.Ntfs;
using OsMigrate.Guests;
using OsMigrate.Tests.Support;

namespace OsMigrate.Tests.Guests;

/// <summary>What a copy of a machine's disks may leave out.</summary>
public sealed class FreeSpaceMapTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [SkippableTheory]
    [InlineData("label: gpt\nstart=2048, size=102400\nstart=104448, size=102400\n", new[] { 1, 2 })]
    [InlineData("label: dos\nstart=2048, size=102400, type=7\nstart=104448, type=5\nstart=106496, size=102400, type=7\n", new[] { 1, 5 })]
    public void Free_space_is_found_in_partitions_and_lies_where_they_lie(string table, int[] numbers)
    {
        var disk = Disk(table);
        using var image = DiskFormats.OpenFile(disk, OsMigrate.Disks.Raw.RawFormat.Instance);
        var map = FreeSpaceMap.Read([image], CancellationToken.None);
        Assert.Equal(numbers.Length, map.Volumes.Count);
        Assert.All(map.Volumes, static v => Assert.True(v.Doubt is null && v.FreeBytes > 20 << 20, v.ToString()));
        Assert.Equal(map.Volumes.Sum(static v => v.FreeBytes), map.Of(0).Sum(static f => f.Length));
        Assert.All(map.Of(0), static f => Assert.True(f.Start % 65536 == 0 && f.Length % 65536 == 0));
        foreach (var volume in new GuestDisks([image]).Volumes.Where(static v => v.Kind == VolumeKind.Ntfs))
        {
            Assert.Contains(volume.Partition!.Number, numbers);
            var from = volume.Partition.StartBytes;
            foreach (var free in map.Of(0).Where(f => f.Start >= from && f.Start < from + volume.Partition.SizeBytes))
                Assert.Contains(NtfsVolume.Open(volume.Store).FreeExtents(CancellationToken.None), f => f.Start + from <= free.Start && f.End + from >= free.End);
        }

        // Junk was all over the disk before; what is trimmed keeps every file and loses the junk.
        using var trimmed = new TrimmedImage(DiskFormats.OpenFile(disk, OsMigrate.Disks.Raw.RawFormat.Instance), map.Of(0));
        var result = DiskConversion.Run(trimmed, _folder.File("t.qcow2"), OsMigrate.Disks.Qcow2.Qcow2Format.Instance, new EncodeOptions(), overwrite: true);
        Assert.InRange(result.Encoded.DataSizeBytes, 1, (112L << 20) - map.Of(0).Sum(static f => f.Length));
        using var copy = DiskFormats.OpenFile(_folder.File("t.qcow2"));
        Assert.Empty(map.ContradictionsIn([copy], CancellationToken.None));
        Assert.Equal(Trees(image), Trees(copy));
        foreach (var free in map.Of(0))
            Assert.True(copy.ReadBytes(free.Start, (int)Math.Min(free.Length, 1 << 20)).AsSpan().IndexOfAnyExcept((byte)0) < 0);
    }

    /// <summary>A volume in two pieces with another one between them, as RHEL has its root after it was extended.</summary>
    [SkippableTheory]
    [InlineData("ext4")]
    [InlineData("xfs")]
    public void Free_space_of_logical_volumes_lies_where_their_pieces_lie(string kind)
    {
        foreach (var program in new[] { "losetup", "pvcreate", "vgcreate", "lvcreate", "lvextend", "mkfs." + kind, "sfdisk" })
            Tool.Require(program);
        const long part = 2048 * 512;
        const int MiB = 1 << 20;
        var disk = _folder.File("lvm.raw");
        var junk = new byte[MiB];
        new Random(5).NextBytes(junk);
        using (var file = File.Create(disk))
        {
            for (var i = 0; i < 460; i++)
                file.Write(junk);
        }

        File.WriteAllText(_folder.File("table"), "label: gpt\nstart=2048\n");
        Tool.Check("sh", "-c", $"sfdisk -q --wipe always {disk} < {_folder.File("table")}");
        var (exit, output) = Tool.Run("losetup", "-f", "--show", "-o", part.ToString(System.Globalization.CultureInfo.InvariantCulture), disk);
        Skip.If(exit != 0, "no loop device can be had here: " + output);
        var device = output.Trim();
        string[] quiet = ["--driverloaded", "n", "--config", $"devices{{filter=[\"a|{device}|\",\"r|.*|\"]}} activation{{udev_sync=0 udev_rules=0}}"];
        try
        {
            Tool.Check("pvcreate", [.. quiet, "-q", "-ff", "-y", device]);
            Tool.Check("vgcreate", [.. quiet, "-q", "vg", device]);
            Tool.Check("lvcreate", [.. quiet, "-q", "-an", "-Zn", "-Wn", "-L", "200m", "-n", "root", "vg"]);
            Tool.Check("lvcreate", [.. quiet, "-q", "-an", "-Zn", "-Wn", "-L", "20m", "-n", "data", "vg"]);
            Tool.Check("lvextend", [.. quiet, "-q", "-L", "400m", "vg/root"]);
        }
        finally
        {
            Tool.Run("losetup", "-d", device);
        }

        var image = _folder.File("root.img");
        using (var file = File.Create(image))
        {
            for (var i = 0; i < 400; i++)
                file.Write(junk);
        }

        var files = Directory.CreateDirectory(_folder.File("files")).FullName;
        FileTree.Make(files);
        if (kind == "ext4")
            Tool.Check("mkfs.ext4", "-q", "-F", "-E", "nodiscard", "-d", files, image);
        else
            Tool.Check("mkfs.xfs", "-q", "-f", "-K", image);
        // Without the kernel's device mapper: the pieces are written where lvcreate laid them, behind the first MiB of the physical volume.
        using (var content = File.OpenRead(image))
        using (var target = new FileStream(disk, FileMode.Open))
        {
            var buffer = new byte[200 * MiB];
            foreach (var start in new[] { 0L, 220L * MiB })
            {
                content.ReadExactly(buffer);
                target.Position = part + MiB + start;
                target.Write(buffer);
            }
        }

        using var source = DiskFormats.OpenFile(disk, OsMigrate.Disks.Raw.RawFormat.Instance);
        var map = FreeSpaceMap.Read([source], CancellationToken.None);
        var root = Assert.Single(map.Volumes);
        Assert.True(root.Doubt is null && root.Volume.StartsWith("logical volume vg/root", StringComparison.Ordinal) && root.FreeBytes > 250L * MiB, root.ToString());
        // Neither the table in front nor the volume between the pieces is touched.
        Assert.All(map.Of(0), static f => Assert.True((f.Start >= part + MiB && f.End <= part + (201L * MiB)) || (f.Start >= part + (221L * MiB) && f.End <= part + (421L * MiB)), f.ToString()));
        Assert.Contains(map.Of(0), static f => f.Start >= part + (221L * MiB));
        using var trimmed = new TrimmedImage(DiskFormats.OpenFile(disk, OsMigrate.Disks.Raw.RawFormat.Instance), map.Of(0));
        var copy = new GuestDisks([trimmed]).Volumes.Single(static v => v.LogicalVolume == "vg/root");
        using (var file = File.Create(image))
        {
            for (var at = 0L; at < copy.Store.Length; at += MiB)
                file.Write(copy.Store.ReadBytes(at, MiB));
        }

        if (kind == "ext4")
        {
            Tool.Check("e2fsck", "-fn", image);
            using var store = FileStore.OpenRead(image);
            Assert.Equal(FileTree.OfFolder(files), FileTree.Of(OsMigrate.FileSystems.Ext.ExtVolume.Open(store)).Where(static l => !l.StartsWith("/lost+found", StringComparison.Ordinal)));
        }
        else
        {
            Tool.Check("xfs_repair", "-n", image);
        }
    }

    [SkippableFact]
    public void Partitions_that_overlap_are_read_wholly()
    {
        var disk = Disk("label: gpt\nstart=2048, size=102400\nstart=104448, size=102400\n");
        using var image = DiskFormats.OpenFile(disk, OsMigrate.Disks.Raw.RawFormat.Instance);
        using var hybrid = new OverlayStore(image);
        // A table in which the second partition begins inside the first.
        var sector = new byte[512];
        (sector[510], sector[511]) = (0x55, 0xAA);
        foreach (var (at, start) in new[] { (446, 2048), (462, 100_000) })
        {
            sector[at + 4] = 7;
            BitConverter.GetBytes(start).CopyTo(sector, at + 8);
            BitConverter.GetBytes(102_400).CopyTo(sector, at + 12);
        }

        hybrid.Write(0, sector);
        hybrid.Write(512, new byte[512]);
        hybrid.Write(hybrid.Length - 512, new byte[512]);
        var map = FreeSpaceMap.Read([hybrid], CancellationToken.None);
        Assert.Contains(map.Volumes, static v => v.Doubt == "overlaps another partition");
        Assert.Empty(map.Of(0));
    }

    [SkippableFact]
    public void A_file_in_free_space_is_found_in_the_copy()
    {
        var disk = Disk("label: gpt\nstart=2048, size=102400\nstart=104448, size=102400\n");
        using var image = DiskFormats.OpenFile(disk, OsMigrate.Disks.Raw.RawFormat.Instance);
        var overlay = new OverlayStore(image);
        Forget(overlay);
        var map = FreeSpaceMap.Read([overlay], CancellationToken.None);
        var wrong = Assert.Single(map.ContradictionsIn([overlay], CancellationToken.None));
        Assert.Equal(0, wrong.Disk);
        Assert.Contains("partition 1 of disk 0", wrong.Volume);
        Assert.Contains("free", wrong.Reason);
        Assert.All(wrong.Areas, static a => Assert.InRange(a.End, 0, 104448L * 512));

        // A conversion leaves nothing out of such a disk.
        using (var store = FileStore.OpenWrite(disk))
            Forget(store);
        var told = new List<VolumeFreeSpace>();
        using var kept = FreeSpaceMap.Trim(DiskFormats.OpenFile(disk, OsMigrate.Disks.Raw.RawFormat.Instance), told.Add, CancellationToken.None);
        Assert.Equal(2, told.Count(static v => v.FreeBytes == 0 && v.Doubt!.Contains("contradicts itself", StringComparison.Ordinal)));
        Assert.True(DiskComparison.Run(kept, image, null, CancellationToken.None).Identical);
    }

    /// <summary>Clears 4 MiB of used clusters in the map of the first partition.</summary>
    internal static void Forget(ByteStore disk)
    {
        var place = new GuestDisks([disk]).Volumes.First(static v => v.Kind == VolumeKind.Ntfs);
        var volume = NtfsVolume.Open(place.Store);
        var bitmap = volume.Mft.Read(Mft.BitmapNumber).Attributes.Single(static a => a.Type == AttributeType.Data).Runs.Runs[0].Lcn * volume.ClusterSizeBytes;
        var file = volume.Mft.Read(volume.Find("large.bin")!.Reference.Number).Attributes.Single(static a => a.Type == AttributeType.Data).Runs.Runs[0];
        Assert.True(file.Count > 1100);
        disk.Write(place.Partition!.StartBytes + bitmap + ((file.Lcn + 8) / 8), new byte[128]);
    }

    private static List<string> Trees(ByteStore disk)
        => [.. new GuestDisks([disk]).Volumes.Where(static v => v.Kind == VolumeKind.Ntfs).SelectMany(static v => FileTree.Of(NtfsVolume.Open(v.Store)))];

    internal static string Disk(TempFolder folder, string table)
    {
        foreach (var tool in new[] { "sfdisk", "mkntfs", "ntfs-3g", "fusermount" })
            Tool.Require(tool);
        var disk = folder.File("disk.raw");
        var junk = new byte[1 << 20];
        new Random(3).NextBytes(junk);
        using (var file = File.Create(disk))
        {
            for (var i = 0; i < 112; i++)
                file.Write(junk);
        }

        File.WriteAllText(folder.File("table"), table);
        Tool.Check("sh", "-c", $"sfdisk -q --wipe always {disk} < {folder.File("table")}");
        using var image = DiskFormats.OpenFile(disk, OsMigrate.Disks.Raw.RawFormat.Instance);
        var parts = OsMigrate.Partitions.PartitionTable.Read(image).Partitions.Where(static p => p.SizeBytes == 102400 * 512).ToList();
        foreach (var part in parts)
        {
            var volume = folder.File("volume.img");
            Tool.Check("sh", "-c", $"dd if={disk} of={volume} bs=512 skip={part.StartBytes / 512} count=102400 status=none");
            Tool.Check("mkntfs", "-F", "-q", "-Q", "-p", (part.StartBytes / 512).ToString(System.Globalization.CultureInfo.InvariantCulture), volume);
            NtfsMount.With(volume, folder.File("mnt"), mount =>
            {
                FileTree.Make(mount, part.Number);
                File.WriteAllBytes(Path.Combine(mount, "large.bin"), [.. Enumerable.Range(0, 8).SelectMany(_ => junk)]);
            });
            Tool.Check("sh", "-c", $"dd if={volume} of={disk} bs=512 seek={part.StartBytes / 512} conv=notrunc status=none");
        }

        return disk;
    }

    private string Disk(string table) => Disk(_folder, table);
}
