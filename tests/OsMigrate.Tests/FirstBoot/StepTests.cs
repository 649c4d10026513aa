using OsMigrate.FirstBoot;
using OsMigrate.FirstBoot.Steps;

namespace OsMigrate.Tests.FirstBoot;

public sealed class StepTests
{
    [Theory]
    [InlineData(0, true, 1, 0)]
    [InlineData(1605, true, 1, 0)]
    [InlineData(1641, true, 1, 1)]
    [InlineData(3010, true, 1, 1)]
    [InlineData(1603, false, 3, 0)]
    [InlineData(1618, false, 3, 0)]
    public void VMware_Tools_are_uninstalled_by_product_code(int code, bool succeeds, int attempts, int restarts)
    {
        using var guest = new FakeGuest("uninstall	{01234567-89ab-cdef-0123-456789abcdef}") { Answer = c => c.StartsWith("msiexec", StringComparison.Ordinal) ? ProcessOutcome.Exited(code) : null };
        guest.Boot();
        Assert.Equal("msiexec.exe /x {01234567-89AB-CDEF-0123-456789ABCDEF} /qn /norestart REBOOT=ReallySuppress /l*v \"/fb/msi-uninstall.log\"", guest.Calls[0]);
        Assert.Equal((attempts, restarts), (guest.Count("msiexec"), guest.Restarts));
        Assert.Contains(succeeds ? ": done:" : ": failed:", guest.Result, StringComparison.Ordinal);
    }

    [Fact]
    public void The_guest_agent_is_installed_without_a_word_and_without_a_restart_of_its_own()
    {
        using var guest = new FakeGuest("install	qemu-ga-x86_64.msi");
        guest.Put("fb/packages/qemu-ga-x86_64.msi");
        guest.Boot();
        Assert.Equal("msiexec.exe /i \"/fb/packages/qemu-ga-x86_64.msi\" /qn /norestart REBOOT=ReallySuppress /l*v \"/fb/msi-qemu-ga-x86_64.msi.log\"", guest.Calls[0]);
    }

    [Fact]
    public void Services_of_VMware_are_stopped_and_disabled_but_never_pvscsi_nor_parts_of_Windows()
    {
        using var guest = new FakeGuest("vmware-services");
        guest.Services.UnionWith(["VMTools", "vmci", "pvscsi", "WmiApSrv", "disk", "vsock"]);
        guest.Boot();
        Assert.Equal(["VMTools", "vmci", "vsock"], guest.Disabled.Order(StringComparer.Ordinal));
        Assert.Equal(["sc.exe stop VMTools", "sc.exe stop vmci", "sc.exe stop vsock", "sc.exe delete OsMigrateFirstBoot"], guest.Calls);
    }

    [Fact]
    public void Driver_packages_of_VMware_are_removed_but_never_that_of_pvscsi_nor_others()
    {
        using var guest = new FakeGuest("vmware-drivers");
        guest.Put("w/INF/oem1.inf", "[Version]\r\nProvider=%VM%\r\n[Strings]\r\nVM = \"VMware, Inc.\"\r\n");
        guest.Put("w/INF/oem2.inf", "[version]\r\nprovider = \"VMware, Inc.\" ; us\r\nCatalogFile=pvscsi.cat\r\n");
        guest.Put("w/INF/oem3.inf", "[Version]\r\nProvider=%RH%\r\n[Strings]\r\nRH=\"Red Hat, Inc.\"\r\nVM=\"VMware\"\r\n");
        guest.Put("w/INF/oemx&y.inf", "[Version]\r\nProvider=\"VMware\"\r\n");
        guest.Put("w/INF/vmci.inf", "[Version]\r\nProvider=\"VMware\"\r\n");
        guest.Boot();
        Assert.Equal(["pnputil.exe /delete-driver oem1.inf /force", "sc.exe delete OsMigrateFirstBoot"], guest.Calls);
        guest.Put("fb/state.txt");
        (guest.IsWindows10, _) = (false, 0);
        guest.Boot();
        Assert.Contains("pnputil.exe -f -d oem1.inf", guest.Calls);
    }

    [Fact]
    public void Every_disk_is_told_to_be_online_and_writable()
    {
        using var guest = new FakeGuest("disks") { DiskCount = 3 };
        var scripts = new List<string>();
        guest.Answer = c =>
        {
            if (c.StartsWith("diskpart", StringComparison.Ordinal))
                scripts.Add(File.ReadAllText(Path.Combine(guest.Folder, "diskpart.txt")));
            return null;
        };
        guest.Boot();
        Assert.Equal(["0", "1", "2"], scripts.Select(static s => s.Split("\r\n")[0]["select disk ".Length..]));
        Assert.All(scripts, static s => Assert.EndsWith("\r\nonline disk noerr\r\nattributes disk clear readonly noerr\r\n", s, StringComparison.Ordinal));
        Assert.False(File.Exists(Path.Combine(guest.Folder, "diskpart.txt")));
    }

    [Fact]
    public void Windows_1252_and_UTF_16_INF_files_are_understood()
    {
        using var folder = new Tests.Support.TempFolder();
        File.WriteAllText(folder.File("a.inf"), "[Version]\r\nProvider=%V%\r\n[Strings]\r\nV=\"VMware, Inc.\"\r\n", System.Text.Encoding.Unicode);
        Assert.True(InfProvider.IsVMware(folder.File("a.inf")));
        Assert.False(InfProvider.IsVMware(folder.File("missing.inf")));
    }
}
