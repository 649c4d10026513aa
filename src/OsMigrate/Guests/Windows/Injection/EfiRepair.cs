using OsMigrate.Bytes;
using OsMigrate.FileSystems;
using OsMigrate.FileSystems.Fat;
using OsMigrate.Registry;

namespace OsMigrate.Guests.Windows.Injection;

/// <summary>Makes the EFI system partition start Windows on a machine that has none of the old one's boot entries.</summary>
internal static class EfiRepair
{
    private const string Loader = @"EFI\Microsoft\Boot\bootmgfw.efi";
    private const string Store = @"EFI\Microsoft\Boot\BCD";

    /// <summary>The object {bootmgr}, its element "default", and "graphicsmodedisabled" of an entry. Source: Geoff Chappell, "BCD Elements".</summary>
    private const string BootManager = @"Objects\{9dea862c-5cdd-4e70-acc1-f32b344d4795}", DefaultEntry = "23000003", GraphicsDisabled = "16000046";

    public static void Run(GuestDisks disks, List<GuestChange> changes, List<string> warnings, DateTime now)
    {
        foreach (var partition in disks.EfiPartitions)
        {
            try
            {
                var volume = FatVolume.Open(partition.Store);
                Fallback(volume, partition, changes, now);
                BootStore(volume, partition, changes, now);
            }
            catch (OsMigrateException e)
            {
                warnings.Add($"The EFI system partition on {partition.Where} stays as it is: {e.Message}");
            }
        }
    }

    /// <summary>Firmware that knows no entry starts this file: the entries of the old machine's NVRAM do not travel.</summary>
    private static void Fallback(FatVolume volume, GuestVolume partition, List<GuestChange> changes, DateTime now)
    {
        if (volume.Find(Loader) is not { IsFolder: false } loader)
            return;
        using var content = loader.OpenContent();
        var bytes = content.ReadBytes(0, checked((int)Math.Min(content.Length, 64 << 20)));
        var target = $@"EFI\Boot\boot{Suffix(bytes)}.efi";
        var present = volume.Find(target);
        if (present is { IsFolder: false } && present.SizeBytes == bytes.Length)
        {
            using var there = present.OpenContent();
            if (there.ReadBytes(0, bytes.Length).AsSpan().SequenceEqual(bytes))
                return;
        }

        if (volume.Find(@"EFI\Boot") is null)
            volume.CreateFolder(@"EFI\Boot");
        volume.WriteFile(target, new MemoryStore(bytes), now);
        changes.Add(new GuestChange($@"{partition.Where}: {target}", present is null ? "made from bootmgfw.efi" : "replaced by bootmgfw.efi"));
    }

    /// <summary>UEFI specification, 3.5.1.1, "Removable Media Boot Behavior".</summary>
    private static string Suffix(byte[] program)
    {
        var at = program.Length > 0x40 ? BitConverter.ToInt32(program, 0x3C) : -1;
        var machine = at > 0 && at <= program.Length - 6 ? BitConverter.ToUInt16(program, at + 4) : 0;
        return machine switch { 0x014C => "ia32", 0xAA64 => "aa64", _ => "x64" };
    }

    /// <summary>With graphics turned off for the boot loader, OVMF shows nothing.</summary>
    private static void BootStore(FatVolume volume, GuestVolume partition, List<GuestChange> changes, DateTime now)
    {
        if (volume.Find(Store) is not { IsFolder: false } file)
            return;
        Hive hive;
        using (var content = file.OpenContent())
            hive = Hive.Load(content, new HiveOptions { Timestamp = now });
        var entry = hive.Find($@"{BootManager}\Elements\{DefaultEntry}")?.Value("Element")?.AsString();
        if (string.IsNullOrEmpty(entry) || hive.Find($@"Objects\{entry}\Elements") is not { } elements || !elements.DeleteSubKey(GraphicsDisabled))
            return;
        volume.WriteFile(Store, new MemoryStore(hive.ToArray()), now);
        changes.Add(new GuestChange($@"{partition.Where}: {Store}\Objects\{entry}\Elements\{GraphicsDisabled}", "removed"));
    }
}
