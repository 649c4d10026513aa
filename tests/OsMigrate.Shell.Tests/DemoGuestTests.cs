using OsMigrate.Demo;

namespace OsMigrate.Shell.Tests;

public class DemoGuestTests
{
    [SkippableFact]
    public void The_boot_sector_is_what_its_source_assembles_to()
    {
        Tool.Require("nasm");
        using var folder = new TempFolder();
        var binary = Path.Combine(folder.Path, "boot.bin");
        Tool.Check("nasm", "-f", "bin", Path.Combine(Support.StagedShell.Root, "tests", "OsMigrate.Demo", "boot.asm"), "-o", binary);
        Assert.Equal(Convert.ToHexString(File.ReadAllBytes(binary)), Convert.ToHexString(BootSector.Create()));
    }
}
