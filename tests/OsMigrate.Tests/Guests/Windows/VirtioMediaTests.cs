using OsMigrate.Bytes;
using OsMigrate.Guests.Windows;
using OsMigrate.Guests.Windows.Drivers;
using OsMigrate.Tests.Support;

namespace OsMigrate.Tests.Guests.Windows;

public sealed class VirtioMediaTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void The_folder_for_the_release_comes_first_then_its_fallbacks()
    {
        Add("viostor/2k19/amd64");
        Add("viostor/2k16/amd64");
        Add("viostor/w10/amd64");
        Add("NetKVM/w10/amd64", "netkvm");
        var choices = Choose("2k19", 17763);
        Assert.Equal(["netkvm", "viostor"], choices.Select(c => c.Driver.Name));
        Assert.Equal((true, "/NetKVM/w10/amd64"), (choices[0].IsFallback, choices[0].Driver.Folder));
        Assert.Contains("no '2k19'", choices[0].Reason, StringComparison.Ordinal);
        Assert.Equal((false, "Made for Windows Server 2019."), (choices[1].IsFallback, choices[1].Reason));
    }

    [Fact]
    public void A_driver_whose_INF_is_for_later_builds_is_passed_over()
    {
        Add("viostor/2k16/amd64", decoration: "NTamd64.10.0...17763");
        Add("viostor/w10/amd64");
        Assert.Equal("/viostor/w10/amd64", Choose("2k16", 14393).Single().Driver.Folder);
    }

    [Fact]
    public void Both_layouts_are_known_and_twins_count_once()
    {
        Add("drivers/by-os/amd64/2k22");
        Add("drivers/by-os/amd64/2k22", "netkvm");
        Add("drivers/by-driver/viostor/2k22/amd64");
        Add("drivers/by-os/i386/w10");
        var choices = Choose("2k22", 20348);
        Assert.Equal(["/drivers/by-os/amd64/2k22", "/drivers/by-driver/viostor/2k22/amd64"], choices.Select(c => c.Driver.Folder));
        Assert.Equal(["netkvm.inf", "netkvm.cat", "netkvm.sys"], choices[0].Driver.Files.Select(f => f.Name));
        Assert.Equal("/drivers/by-os/i386/w10", Choose("w10", 19045, "x86").Single().Driver.Folder);
    }

    [Fact]
    public void What_is_not_for_guests_is_left_out()
    {
        Add("sriov/2k22/amd64", "netkvm");
        Add("NetKVM/2k22/amd64", "vioprot");
        Add("fwcfg/2k22/amd64", "fwcfg");
        Add("qemufwcfg/2k22/amd64", "qemufwcfg");
        Add("viostor/2k22/amd64");
        File.WriteAllText(_folder.File("viostor/2k22/amd64/viostor.pdb"), "");
        var choices = Choose("2k22", 20348);
        Assert.Equal(["fwcfg", "viostor"], choices.Select(c => c.Driver.Name));
        Assert.DoesNotContain(choices[1].Driver.Files, f => f.Name.EndsWith(".pdb", StringComparison.Ordinal));
    }

    [Fact]
    public void Cautions_are_told()
    {
        Add("smbus/2k25/amd64", "smbus");
        Add("viostor/2k8R2/amd64", decoration: "NTamd64");
        Assert.Contains("signature", Choose("2k25", 26100).Single().Caution, StringComparison.Ordinal);
        Assert.Contains("KB3033929", Choose("2k8r2", 7601).Single().Caution, StringComparison.Ordinal);
    }

    [Fact]
    public void A_folder_of_one_vendor_s_drivers_is_chosen_by_its_INF()
    {
        Add("mine");
        Assert.Contains("INF is for", Choose("2k22", 20348).Single().Reason, StringComparison.Ordinal);
        Assert.Equal(ErrorIds.DriverNotFound, Assert.Throws<OsMigrateException>(() => Choose("w10", 19045, "x86")).ErrorId);
    }

    [Fact]
    public void Nothing_for_a_guest_is_an_error_that_says_what_to_look_for()
    {
        Add("viostor/w10/amd64");
        var error = Assert.Throws<OsMigrateException>(() => Choose("xp", 2600, "x86"));
        Assert.Equal(ErrorIds.DriverNotFound, error.ErrorId);
        Assert.Contains("'xp'", error.Advice, StringComparison.Ordinal);
    }

    [SkippableFact]
    public void The_driver_disc_has_storage_and_network_for_every_release()
    {
        using var media = VirtioMedia.Open(SharedData.File("oracle/in/virtio-win.iso"));
        Assert.Equal(new Version(0, 1, 271), media.Release);
        foreach (var release in WindowsReleases.All.Where(r => r.FirstBuild >= 7600))
        {
            var names = media.Choose(release, release.FirstBuild, "amd64").Select(c => c.Driver.Name).ToList();
            Assert.Contains("viostor", names);
            Assert.Contains("vioscsi", names);
            Assert.Contains("netkvm", names);
            Assert.Equal(names.Distinct(), names);
        }
    }

    // What virt-v2v 2.2.0 copied from the same disc into four guests. It takes debug symbols and vioprot too, which its later versions leave out as we do.
    [SkippableTheory]
    [InlineData("win7-bios", "w7", 7601)]
    [InlineData("win10-bios", "w10", 16299)]
    [InlineData("win2k19-uefi", "2k19", 17763)]
    [InlineData("win2k22-uefi", "2k22", 20348)]
    public void The_files_chosen_are_those_that_virt_v2v_copies(string guest, string release, int build)
    {
        var listing = File.ReadAllLines(SharedData.File($"oracle/expected/{guest}/added/virtio-ls.txt"));
        var theirs = listing.Where(l => l.StartsWith('-')).Select(l => l.Split(' ', StringSplitOptions.RemoveEmptyEntries)).Select(f => $"{f[^1]} {f[4]}")
            .Where(f => !f.Contains(".pdb ", StringComparison.Ordinal) && !f.StartsWith("vioprot.", StringComparison.Ordinal));
        using var media = VirtioMedia.Open(SharedData.File("oracle/in/virtio-win.iso"));
        var choices = media.Choose(WindowsReleases.Named(release)!, build, "amd64");
        IEnumerable<string> Files(bool fallback) => choices.Where(c => c.IsFallback == fallback).SelectMany(c => c.Driver.Files).Select(f => $"{f.Name.ToLowerInvariant()} {f.SizeBytes}").Where(f => !f.Contains(".pdb ", StringComparison.Ordinal)).Distinct();
        Assert.Equal(theirs.Order(StringComparer.Ordinal), Files(fallback: false).Order(StringComparer.Ordinal));
    }

    private IReadOnlyList<VirtioChoice> Choose(string release, int build, string architecture = "amd64")
    {
        using var media = VirtioMedia.Open(_folder.Path);
        return media.Choose(WindowsReleases.Named(release)!, build, architecture);
    }

    private void Add(string folder, string name = "viostor", string? decoration = null)
    {
        Directory.CreateDirectory(_folder.File(folder));
        var inf = $"""
            [Version]
            Signature="$Windows NT$"
            Class=SCSIAdapter
            DriverVer=07/04/2024,100.95.104.26200
            CatalogFile={name}.cat
            [Manufacturer]
            "Us"=Dev,{decoration ?? (folder.Contains("i386", StringComparison.Ordinal) ? "NTx86" : "NTamd64")}
            [Dev.{decoration ?? (folder.Contains("i386", StringComparison.Ordinal) ? "NTx86" : "NTamd64")}]
            "A device"=inst,PCI\VEN_1AF4&DEV_1001
            [SourceDisksFiles]
            {name}.sys=1
            """;
        File.WriteAllText(_folder.File($"{folder}/{name}.inf"), inf);
        File.WriteAllText(_folder.File($"{folder}/{name}.sys"), "sys");
        File.WriteAllText(_folder.File($"{folder}/{name}.cat"), "cat");
    }
}
