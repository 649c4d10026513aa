using OsMigrate.Bytes;
using OsMigrate.Disks;
using OsMigrate.FileSystems;
using OsMigrate.FileSystems.Ntfs;
using OsMigrate.FileSystems.Ntfs.Checking;
using OsMigrate.FirstBoot.Plan;
using OsMigrate.Guests;
using OsMigrate.Guests.Windows.Drivers;
using OsMigrate.Guests.Windows.FirstBoot;
using OsMigrate.Registry;
using OsMigrate.Tests.Support;

namespace OsMigrate.Tests.Guests.Windows;

/// <summary>What a guest is given for its first start, on the made-up guests with real registry hives.</summary>
public sealed class FirstBootTests
{
    private const string Folder = @"Program Files\OsMigrate\FirstBoot";
    private const string Adapter = "{11111111-2222-3333-4444-555555555555}";
    private static readonly DateTime Now = new(2026, 1, 2, 3, 4, 5, DateTimeKind.Utc);

    [SkippableFact]
    public void Service_program_plan_scripts_and_agent_are_put_into_the_guest_and_a_second_time_changes_nothing()
    {
        using var temp = new TempFolder();
        using var image = Guest();
        var options = new FirstBootOptions { GuestAgentMsi = Msi(temp), Scripts = [Script(temp, "näme & more.cmd"), Script(temp, "b.PS1")] };
        var result = Prepare(image, options, disks: 2);
        var files = SystemVolume(image);
        Assert.Equal(FirstBootProgram.Exe, Bytes(files, $@"{Folder}\OsMigrateFirstBoot.exe"));
        Assert.Equal(FirstBootProgram.Config, Bytes(files, $@"{Folder}\OsMigrateFirstBoot.exe.config"));
        Assert.Equal("echo hello", System.Text.Encoding.ASCII.GetString(Bytes(files, $@"{Folder}\scripts\001-n_me___more.cmd")));
        Assert.NotNull(files.Find($@"{Folder}\packages\qemu-ga.msi"));
        Assert.All(new[] { Folder, $@"{Folder}\OsMigrateFirstBoot.exe", $@"{Folder}\plan.txt" }, p => Assert.Equal(files.Find("Program Files")!.SecurityId, files.Find(p)!.SecurityId));
        var service = Current(files, @"Services\OsMigrateFirstBoot")!;
        Assert.Equal((0x10u, 2u, 1u), (service.Value("Type")!.AsDword(), service.Value("Start")!.AsDword(), service.Value("ErrorControl")!.AsDword()));
        Assert.Equal((RegistryValueType.ExpandString, @"""C:\Program Files\OsMigrate\FirstBoot\OsMigrateFirstBoot.exe"""), (service.Value("ImagePath")!.Type, service.Value("ImagePath")!.AsString()));
        Assert.Equal("LocalSystem", service.Value("ObjectName")!.AsString());
        Assert.Equal(1u, Current(files, @"Services\partmgr\Parameters")!.Value("SanPolicy")!.AsDword());
        Assert.Contains(result.Changes, static c => c.Where.EndsWith(@"FirstBoot\plan.txt", StringComparison.Ordinal));
        Assert.Empty(Prepare(image, options, disks: 2).Changes);
        Assert.Equal([], NtfsCheck.Run(SystemVolume(image)).Findings.Select(static f => f.ToString()));
    }

    [SkippableFact]
    public void The_plan_says_what_the_guest_needs_and_the_program_understands_all_of_it()
    {
        using var temp = new TempFolder();
        using var image = Guest();
        Prepare(image, new FirstBootOptions { GuestAgentMsi = Msi(temp), Scripts = [Script(temp, "a.cmd")] }, disks: 2);
        var lines = PlanOf(image);
        Assert.Equal(
        [
            "address\tmac=00:50:56:aa:bb:01\tip=10.0.0.5/255.255.255.0\tgateway=10.0.0.1/25\tdns=10.0.0.53",
            "disks", "install\tqemu-ga.msi", "uninstall\t{01234567-89ab-cdef-0123-456789abcdef}", "uninstall\t{f32c4e7b-2bf8-4788-8408-824c6896e1bb}", "vmware-services", "vmware-drivers", "script\t001-a.cmd",
        ], lines.Skip(1).Where(static l => l.Length > 0 && !l.StartsWith("driver\t", StringComparison.Ordinal)));
        var plan = PlanReader.Parse(lines);
        Assert.Empty(plan.Complaints);
        Assert.Equal(lines.Length - 2, plan.Steps.Count);
    }

    [SkippableFact]
    public void What_is_not_wanted_is_not_in_the_plan()
    {
        using var image = Guest();
        Prepare(image, new FirstBootOptions { RemoveVMwareTools = false, KeepStaticAddresses = false, OnlineDataDisks = false }, disks: 2);
        Assert.DoesNotContain(PlanOf(image).Skip(1), static l => l.Length > 0 && !l.StartsWith("driver\t", StringComparison.Ordinal));
        using var none = Guest();
        Prepare(none, null, disks: 2);
        Assert.Null(SystemVolume(none).Find(Folder));
        Assert.Null(Current(SystemVolume(none), @"Services\OsMigrateFirstBoot"));
    }

    [SkippableTheory]
    [InlineData("win7-bios")]
    [InlineData("win2k22-uefi")]
    public void Without_a_NET_Framework_there_is_no_service_and_what_to_do_by_hand_is_told(string guest)
    {
        using var image = Guest(guest, hasNet: false);
        var result = Prepare(image, new FirstBootOptions(), disks: 2);
        Assert.Contains(result.Warnings, static w => w.Contains(".NET Framework 4", StringComparison.Ordinal) && w.Contains("uninstall VMware Tools", StringComparison.Ordinal) && w.Contains("10.0.0.5", StringComparison.Ordinal));
        Assert.Null(SystemVolume(image).Find(Folder));
    }

    [SkippableFact]
    public void Drivers_that_only_lie_in_a_Windows_7_are_installed_at_its_first_start()
    {
        using var image = Guest("win7-bios");
        Prepare(image, new FirstBootOptions(), disks: 1);
        var plan = PlanReader.Parse(PlanOf(image));
        Assert.Contains(plan.Steps, static s => s.Title == @"driver Drivers\VirtIO\viostor.inf");
        Assert.DoesNotContain(plan.Steps, static s => s.Title == "data disks");
        Assert.All(plan.Steps.Where(static s => s.Title.StartsWith("driver ", StringComparison.Ordinal)), s => Assert.NotNull(SystemVolume(image).Find($@"Windows\{s.Title["driver ".Length..]}")));
    }

    [SkippableFact]
    public void A_service_that_has_run_and_gone_is_put_there_anew_without_its_old_notes()
    {
        using var image = Guest();
        SystemVolume(image).CreateFolder(Folder);
        SystemVolume(image).CreateFile($@"{Folder}\state.txt", "plan x\r\nfinished\r\n"u8.ToArray());
        var result = Prepare(image, new FirstBootOptions(), disks: 1);
        Assert.Contains(result.Changes, static c => c.What == "deleted");
        Assert.Null(SystemVolume(image).Find($@"{Folder}\state.txt"));
    }

    [Theory]
    [InlineData("x.vbs")]
    [InlineData("x")]
    public void A_script_of_a_kind_that_is_not_run_is_refused(string name)
    {
        using var temp = new TempFolder();
        Assert.Equal(ErrorIds.BadRequest, Assert.Throws<OsMigrateException>(new FirstBootOptions { Scripts = [Script(temp, name)] }.Check).ErrorId);
        Assert.Equal(ErrorIds.BadRequest, Assert.Throws<OsMigrateException>(new FirstBootOptions { GuestAgentMsi = Script(temp, "a.msi") }.Check).ErrorId);
    }

    [SkippableFact]
    public void Ntfs_3g_and_hivex_see_program_and_service()
    {
        Tool.Require("ntfscat");
        Tool.Require("hivexget");
        using var image = Guest();
        Prepare(image, new FirstBootOptions(), disks: 1);
        using var temp = new TempFolder();
        var volume = temp.File("volume.ntfs");
        using (var file = File.Create(volume))
        {
            var store = VolumeStore(image);
            for (long at = 0; at < store.Length; at += 1 << 20)
                file.Write(store.ReadBytes(at, (int)Math.Min(1 << 20, store.Length - at)));
        }

        Tool.Check("sh", "-c", $"ntfscat '{volume}' '/Program Files/OsMigrate/FirstBoot/OsMigrateFirstBoot.exe' > '{temp.File("exe")}' && ntfscat '{volume}' /Windows/System32/config/SYSTEM > '{temp.File("SYSTEM")}'");
        Assert.Equal(FirstBootProgram.Exe, File.ReadAllBytes(temp.File("exe")));
        Assert.Contains("OsMigrateFirstBoot.exe", Tool.Check("hivexget", temp.File("SYSTEM"), @"ControlSet001\Services\OsMigrateFirstBoot", "ImagePath"), StringComparison.Ordinal);
        Tool.Check("ntfsfix", "-n", volume);
        using var hive = FileStore.OpenRead(temp.File("SYSTEM"));
        Assert.DoesNotContain(HiveCheck.Run(hive).Findings, static f => f.Severity == HiveSeverity.Error);
    }

    private static PreparationResult Prepare(ByteStore image, FirstBootOptions? options, int disks)
    {
        using var media = VirtioMedia.Open(SharedData.File("oracle/in/virtio-win.iso"));
        var all = Enumerable.Range(0, disks).Select(i => i == 0 ? image : new OverlayStore(new MemoryStore(new byte[1 << 20]))).ToList();
        return GuestPreparation.Run(new GuestDisks(all), new PreparationOptions { Media = media, Now = Now, FirstBoot = options });
    }

    /// <summary>A guest with what the made-up one lacks: Program Files, .NET, VMware Tools and a fixed address.</summary>
    private static EditedImage Guest(string name = "win2k22-uefi", bool hasNet = true)
    {
        var image = new EditedImage(DiskFormats.OpenFile(SharedData.File($"oracle/in/{name}.img")));
        var files = SystemVolume(image);
        files.CreateFolder("Program Files");
        if (hasNet && files.Find(@"Windows\Microsoft.NET\Framework64\v4.0.30319\mscorlib.dll") is null)
        {
            files.CreateFolder(@"Windows\Microsoft.NET\Framework64\v4.0.30319");
            files.CreateFile(@"Windows\Microsoft.NET\Framework64\v4.0.30319\mscorlib.dll", "MZ"u8.ToArray());
        }

        Edit(files, "SOFTWARE", static hive =>
        {
            var key = hive.Root.Create(@"Microsoft\Windows\CurrentVersion\Uninstall\{01234567-89AB-CDEF-0123-456789ABCDEF}");
            key.SetString("DisplayName", "VMware Tools");
            key.SetString("UninstallString", "cmd /c evil");
            hive.Root.Create(@"Microsoft\Windows\CurrentVersion\Uninstall\evil & co").SetString("DisplayName", "VMware Tools");
        });
        Edit(files, "SYSTEM", static hive =>
        {
            var set = hive.Find($"ControlSet{hive.Find("Select")!.Value("Current")!.AsDword():000}")!;
            set.Create(@"Services\partmgr");
            var key = set.Create($@"Services\Tcpip\Parameters\Interfaces\{Adapter}");
            key.SetDword("EnableDHCP", 0);
            key.SetMultiString("IPAddress", "10.0.0.5");
            key.SetMultiString("SubnetMask", "255.255.255.0");
            key.SetMultiString("DefaultGateway", "10.0.0.1");
            key.SetMultiString("DefaultGatewayMetric", "25");
            key.SetString("NameServer", "10.0.0.53,not an address\tscript");
            set.Create($@"Control\NetworkSetup2\Interfaces\{Adapter}\Kernel").SetBinary("PermanentAddress", [0, 0x50, 0x56, 0xAA, 0xBB, 1]);
        });
        return image;
    }

    private static void Edit(NtfsVolume files, string name, Action<Hive> change)
    {
        var path = $@"Windows\System32\config\{name}";
        var hive = Hive.Load(new MemoryStore(Bytes(files, path)));
        change(hive);
        files.Replace(path, hive.ToArray());
    }

    private static string[] PlanOf(ByteStore image) => System.Text.Encoding.UTF8.GetString(Bytes(SystemVolume(image), $@"{Folder}\plan.txt")).Split("\r\n");

    private static HiveKey? Current(NtfsVolume files, string path)
    {
        var hive = Hive.Load(new MemoryStore(Bytes(files, @"Windows\System32\config\SYSTEM")));
        return hive.Find($@"ControlSet{hive.Find("Select")!.Value("Current")!.AsDword():000}\{path}");
    }

    private static NtfsVolume SystemVolume(ByteStore image) => NtfsVolume.Open(VolumeStore(image));

    private static ByteStore VolumeStore(ByteStore image)
        => new GuestDisks([image]).Volumes.First(static v => v.Kind == VolumeKind.Ntfs && NtfsVolume.Open(v.Store).Find(@"Windows\System32\config\SYSTEM") is not null).Store;

    private static byte[] Bytes(NtfsVolume files, string path)
    {
        using var content = files.Find(path)!.OpenContent();
        return content.ReadBytes(0, (int)content.Length);
    }

    private static string Script(TempFolder folder, string name)
    {
        File.WriteAllText(folder.File(name), "echo hello");
        return folder.File(name);
    }

    private static string Msi(TempFolder folder)
    {
        var content = new byte[4096];
        ((ReadOnlySpan<byte>)[0xD0, 0xCF, 0x11, 0xE0, 0xA1, 0xB1, 0x1A, 0xE1]).CopyTo(content);
        File.WriteAllBytes(folder.File("qemu-ga.msi"), content);
        return folder.File("qemu-ga.msi");
    }
}
