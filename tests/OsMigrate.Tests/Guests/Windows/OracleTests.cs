using OsMigrate.Bytes;
using OsMigrate.Disks;
using OsMigrate.FileSystems;
using OsMigrate.FileSystems.Ntfs;
using OsMigrate.Guests;
using OsMigrate.Guests.Windows.Drivers;
using OsMigrate.Guests.Windows.Injection;
using OsMigrate.Registry;
using OsMigrate.Tests.Support;

namespace OsMigrate.Tests.Guests.Windows;

/// <summary>What the injection does to four made-up guests with real registry hives, beside what virt-v2v 2.2.0 did to them.</summary>
public sealed class OracleTests
{
    private static readonly DateTime Now = new(2026, 1, 2, 3, 4, 5, DateTimeKind.Utc);

    public static TheoryData<string> Guests => ["win7-bios", "win10-bios", "win2k19-uefi", "win2k22-uefi"];

    [SkippableTheory]
    [MemberData(nameof(Guests))]
    public void The_minimal_way_changes_the_registry_as_virt_v2v_does(string guest)
    {
        using var image = Prepare(guest, InjectionWay.Minimal, out _);
        var files = SystemVolume(image);
        foreach (var name in new[] { "SYSTEM", "SOFTWARE" })
        {
            using var store = FileStore.OpenRead(SharedData.File($"oracle/expected/{guest}/after/{name}"));
            var differences = RegistryChanges.Between(Hive.Load(store), Load(files, name), name).Where(d => !IsKnown(d.Where)).ToList();
            Assert.True(differences.Count == 0, string.Join('\n', differences));
        }
    }

    [SkippableTheory]
    [MemberData(nameof(Guests))]
    public void The_minimal_way_brings_the_files_that_virt_v2v_brings(string guest)
    {
        using var image = Prepare(guest, InjectionWay.Minimal, out _);
        var files = SystemVolume(image);
        var wanted = File.ReadLines(SharedData.File($"oracle/expected/{guest}/after.files")).Where(l => l.StartsWith("f ", StringComparison.Ordinal)).Select(l => l.Split(' ', 3)[2].TrimStart('.'))
            .Where(f => f.StartsWith("/Windows/Drivers/VirtIO/", StringComparison.Ordinal) || f.StartsWith("/Windows/System32/drivers/", StringComparison.Ordinal))
            // Debug symbols, and the protocol driver of the failover team, which newer virt-v2v leaves out too.
            .Where(f => !f.EndsWith(".pdb", StringComparison.Ordinal) && !f.Contains("/vioprot.", StringComparison.Ordinal)).ToList();
        Assert.NotEmpty(wanted);
        Assert.All(wanted, f => Assert.NotNull(files.Find(f)));
    }

    [SkippableTheory]
    [MemberData(nameof(Guests))]
    public void The_complete_way_makes_both_storage_drivers_start_at_boot_and_leaves_a_sound_volume(string guest)
    {
        using var image = Prepare(guest, InjectionWay.Complete, out var result);
        Assert.NotEmpty(result.Changes);
        var files = SystemVolume(image);
        var system = Load(files, "SYSTEM");
        var current = $"ControlSet{system.Find("Select")!.Value("Current")!.AsDword():000}";
        foreach (var driver in new[] { "viostor", "vioscsi" })
        {
            var service = system.Find($@"{current}\Services\{driver}")!;
            Assert.Equal(0u, service.Value("Start")!.AsDword());
            Assert.NotNull(files.Find($@"Windows\{service.Value("ImagePath")!.AsString()}"));
            Assert.All(StorageDrivers.Ids(driver), id => Assert.NotNull(system.Find($@"DriverDatabase\DeviceIds\PCI\{id}") ?? system.Find($@"{current}\Control\CriticalDeviceDatabase\PCI#{id}")));
        }

        Assert.Empty(HiveCheck.Run(new MemoryStore(Bytes(files.Find(@"Windows\System32\config\SYSTEM")!))).Findings.Where(f => f.Severity == HiveSeverity.Error).Except(BeforeOf(guest)));
        Check(image);
    }

    [SkippableFact]
    public void The_same_time_stamp_gives_the_same_bytes()
    {
        using var one = Prepare("win2k22-uefi", InjectionWay.Complete, out _);
        using var two = Prepare("win2k22-uefi", InjectionWay.Complete, out _);
        Assert.Equal(one.DigestOfEdits(), two.DigestOfEdits());
    }

    [SkippableFact]
    public void A_second_injection_finds_nothing_to_do()
    {
        using var image = Prepare("win2k22-uefi", InjectionWay.Complete, out _);
        using var media = VirtioMedia.Open(SharedData.File("oracle/in/virtio-win.iso"));
        var again = GuestPreparation.Run(new GuestDisks([image]), new PreparationOptions { Media = media, Now = Now, FirstBoot = null });
        Assert.True(again.System.HasVirtioStorage);
        Assert.Empty(again.Changes);
    }

    /// <summary>virt-v2v's own first-boot service, and its label, which has another form since 2.10: the old one broke pnputil.</summary>
    private static bool IsKnown(string where) => where.Contains(@"\firstboot", StringComparison.OrdinalIgnoreCase) || where.Contains("guestor.inf", StringComparison.Ordinal);

    private static EditedImage Prepare(string guest, InjectionWay way, out PreparationResult result)
    {
        using var media = VirtioMedia.Open(SharedData.File("oracle/in/virtio-win.iso"));
        var image = new EditedImage(DiskFormats.OpenFile(SharedData.File($"oracle/in/{guest}.img")));
        result = GuestPreparation.Run(new GuestDisks([image]), new PreparationOptions { Media = media, Way = way, Now = Now, FirstBoot = null });
        return image;
    }

    private static NtfsVolume SystemVolume(ByteStore image)
        => new GuestDisks([image]).Volumes.Where(v => v.Kind == VolumeKind.Ntfs).Select(v => NtfsVolume.Open(v.Store)).First(v => v.Find(@"Windows\System32\config\SYSTEM") is not null);

    private static Hive Load(NtfsVolume files, string name)
    {
        using var content = files.Find($@"Windows\System32\config\{name}")!.OpenContent();
        return Hive.Load(content);
    }

    private static byte[] Bytes(NtfsFile file)
    {
        using var content = file.OpenContent();
        return content.ReadBytes(0, (int)content.Length);
    }

    private static IEnumerable<HiveFinding> BeforeOf(string guest)
    {
        using var image = DiskFormats.OpenFile(SharedData.File($"oracle/in/{guest}.img"));
        return HiveCheck.Run(new MemoryStore(Bytes(SystemVolume(image).Find(@"Windows\System32\config\SYSTEM")!))).Findings;
    }

    /// <summary>ntfs-3g's own checks of the changed volume.</summary>
    private static void Check(ByteStore image)
    {
        using var folder = new TempFolder();
        var volume = new GuestDisks([image]).Volumes.First(v => v.Kind == VolumeKind.Ntfs && NtfsVolume.Open(v.Store).Find(@"Windows\System32\config\SYSTEM") is not null);
        var path = folder.File("volume.ntfs");
        using (var file = File.Create(path))
        {
            var buffer = new byte[1 << 20];
            for (long at = 0; at < volume.Store.Length; at += buffer.Length)
            {
                var n = (int)Math.Min(buffer.Length, volume.Store.Length - at);
                volume.Store.Read(at, buffer.AsSpan(0, n));
                if (buffer.AsSpan(0, n).IndexOfAnyExcept((byte)0) < 0)
                    file.Position += n;
                else
                    file.Write(buffer, 0, n);
            }

            file.SetLength(volume.Store.Length);
        }

        Tool.Check("ntfsresize", "--info", "--force", path);
        Tool.Check("ntfsfix", "-n", path);
    }
}
