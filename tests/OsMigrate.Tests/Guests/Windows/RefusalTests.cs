using OsMigrate.Bytes;
using OsMigrate.Disks;
using OsMigrate.FileSystems;
using OsMigrate.FileSystems.Ntfs;
using OsMigrate.Guests;
using OsMigrate.Guests.Windows.Drivers;
using OsMigrate.Registry;
using OsMigrate.Tests.Support;

namespace OsMigrate.Tests.Guests.Windows;

/// <summary>One made guest for each reason not to touch it.</summary>
public sealed class RefusalTests
{
    [SkippableTheory]
    [InlineData("Guest.Hibernated", "fast startup")]
    [InlineData("Guest.UncleanVolume", "not closed in order")]
    [InlineData("Guest.DirtyVolume", "marked for a check")]
    [InlineData("Guest.NoSpace", "are needed")]
    [InlineData("Guest.UnknownRelease", "is not known")]
    [InlineData("Guest.Architecture", "architecture")]
    [InlineData("Guest.Registry", "registry")]
    [InlineData("Guest.BitLocker", "BitLocker")]
    [InlineData("Guest.ReFs", "ReFS")]
    [InlineData("Guest.NoSystem", "No Windows")]
    public void A_guest_that_is_not_fit_is_refused_with_the_reason_and_stays_as_it_is(string id, string text)
    {
        using var image = new EditedImage(DiskFormats.OpenFile(SharedData.File("oracle/in/win2k22-uefi.img")));
        Spoil(image, id);
        var before = image.DigestOfEdits();
        var system = GuestInspection.Run(new GuestDisks([image]));
        Assert.False(system.CanPrepare);
        Assert.Contains(system.Findings, f => f.Id == id && f.Kind == GuestFindingKind.Blocker);
        using var media = VirtioMedia.Open(SharedData.File("oracle/in/virtio-win.iso"));
        var error = Assert.Throws<OsMigrateException>(() => GuestPreparation.Run(new GuestDisks([image]), new PreparationOptions { Media = media }));
        Assert.Equal(ErrorIds.GuestNotFit, error.ErrorId);
        Assert.Contains(text, error.Message, StringComparison.Ordinal);
        Assert.Equal(before, image.DigestOfEdits());
    }

    [SkippableFact]
    public void A_medium_without_drivers_for_the_guest_is_told_and_nothing_is_changed()
    {
        using var folder = new TempFolder();
        using var image = new EditedImage(DiskFormats.OpenFile(SharedData.File("oracle/in/win2k22-uefi.img")));
        using var media = VirtioMedia.Open(folder.Path);
        Assert.Equal(ErrorIds.DriverNotFound, Assert.Throws<OsMigrateException>(() => GuestPreparation.Run(new GuestDisks([image]), new PreparationOptions { Media = media })).ErrorId);
        Assert.False(image.IsEdited);
    }

    private static void Spoil(EditedImage image, string id)
    {
        var place = new GuestDisks([image]).Volumes.First(v => v.Kind == VolumeKind.Ntfs && NtfsVolume.Open(v.Store).Find(@"Windows\System32\config\SYSTEM") is not null).Store;
        var files = NtfsVolume.Open(place);
        switch (id)
        {
            case "Guest.Hibernated":
                files.CreateFile("hiberfil.sys", [.. "hibr"u8, .. new byte[8188]]);
                break;
            case "Guest.NoSpace":
                files.CreateFile("full.bin", new ZeroStore(files.FreeBytes - (50 << 20)));
                break;
            case "Guest.Architecture":
                files.Replace(@"Windows\System32\cmd.exe", "not a program"u8.ToArray());
                break;
            case "Guest.Registry":
                files.Replace(@"Windows\System32\config\SOFTWARE", "not a hive"u8.ToArray());
                break;
            case "Guest.UnknownRelease":
                Edit(files, k => { k.SetDword("CurrentMajorVersionNumber", 4); k.SetString("CurrentVersion", "4.0"); });
                break;
            case "Guest.BitLocker":
                place.Write(3, "-FVE-FS-"u8);
                break;
            case "Guest.ReFs":
                place.Write(3, "ReFS\0\0\0\0"u8);
                break;
            case "Guest.NoSystem":
                files.Delete(@"Windows\System32\cmd.exe");
                break;
            case "Guest.DirtyVolume":
                Flag(place);
                break;
            default:
                Unclean(place);
                break;
        }
    }

    private static void Edit(NtfsVolume files, Action<HiveKey> change)
    {
        using var content = files.Find(@"Windows\System32\config\SOFTWARE")!.OpenContent();
        var hive = Hive.Load(content);
        change(hive.Find(@"Microsoft\Windows NT\CurrentVersion")!);
        files.Replace(@"Windows\System32\config\SOFTWARE", hive.ToArray());
    }

    /// <summary>$VOLUME_INFORMATION of record 3: 70 00 00 00, resident; its flags stand 10 bytes into the value.</summary>
    private static void Flag(ByteStore volume)
    {
        var boot = volume.ReadBytes(0, 512);
        var cluster = BitConverter.ToUInt16(boot, 11) * boot[13];
        var record = (BitConverter.ToInt64(boot, 0x30) * cluster) + (3 * 1024);
        var bytes = volume.ReadBytes(record, 1024);
        for (int at = BitConverter.ToUInt16(bytes, 0x14); BitConverter.ToInt32(bytes, at) != -1; at += BitConverter.ToInt32(bytes, at + 4))
        {
            if (BitConverter.ToInt32(bytes, at) == 0x70)
                volume.Write(record + at + BitConverter.ToUInt16(bytes, at + 0x14) + 10, [1]);
        }
    }

    /// <summary>A log whose restart pages are overwritten. It lies in one piece, where its record says.</summary>
    private static void Unclean(ByteStore volume)
    {
        var boot = volume.ReadBytes(0, 512);
        var cluster = BitConverter.ToUInt16(boot, 11) * boot[13];
        var record = volume.ReadBytes((BitConverter.ToInt64(boot, 0x30) * cluster) + (2 * 1024), 1024);
        for (int at = BitConverter.ToUInt16(record, 0x14); BitConverter.ToInt32(record, at) != -1; at += BitConverter.ToInt32(record, at + 4))
        {
            if (BitConverter.ToInt32(record, at) != 0x80)
                continue;
            var run = at + BitConverter.ToUInt16(record, at + 0x20);
            long first = 0;
            for (var i = record[run] >> 4; i > 0; i--)
                first = (first << 8) | record[run + (record[run] & 15) + i];
            volume.Write(first * cluster, Enumerable.Repeat((byte)0x55, 8192).ToArray());
        }
    }

    private sealed class ZeroStore(long length) : ByteStore
    {
        public override long Length => length;

        public override string Name => "zeros";

        public override void Read(long offset, Span<byte> buffer) => buffer.Clear();
    }
}
