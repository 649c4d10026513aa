using OsMigrate.Module.Tests.Support;
using OsMigrate.Tests.Support;

namespace OsMigrate.Module.Tests;

public sealed class VirtioDriverTests : IDisposable
{
    private readonly TempFolder _folder = new();
    private readonly Session _session = new();

    public void Dispose()
    {
        _session.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public void A_folder_is_listed_with_versions_and_dates()
    {
        Add("viostor/2k22/amd64", "viostor");
        var driver = _session.Run("Get-VirtioDriver $args[0]", _folder.Path).Single;
        Assert.Equal(("viostor", "2k22", "amd64"), (driver.Get<string>("Name"), driver.Get<string>("Release"), driver.Get<string>("Architecture")));
        Assert.Equal(new Version(100, 95, 104, 26200), driver.Get<Version>("Version"));
        Assert.Equal(new DateTime(2024, 7, 4), driver.Get<DateTime>("Date"));
        Assert.Equal(["Windows Server 2022"], driver.Get<IReadOnlyList<string>>("Releases"));
        Assert.Equal(["PCI\\VEN_1AF4&DEV_1001"], driver.Get<IReadOnlyList<string>>("HardwareIds"));
        Assert.Matches(@"viostor\s+2k22\s+amd64\s+100\.95\.104\.26200\s+2024-07-04\s+Us\s+/viostor/2k22/amd64", _session.Show("Get-VirtioDriver $args[0]", _folder.Path));
    }

    [SkippableFact]
    public void An_ISO_is_listed_and_filters_choose_from_it()
    {
        Tool.Require("genisoimage");
        foreach (var release in new[] { "2k19", "2k22", "w10" })
        {
            Add($"tree/viostor/{release}/amd64", "viostor");
            Add($"tree/NetKVM/{release}/amd64", "netkvm");
        }

        Add("tree/viostor/w10/x86", "viostor");
        var iso = _folder.File("virtio-win.iso");
        Tool.Check("genisoimage", "-quiet", "-J", "-R", "-V", "virtio-win-0.1.271", "-o", iso, _folder.File("tree"));
        Assert.Equal(7, _session.Run("Get-VirtioDriver $args[0]", iso).RequireNoErrors().Output.Count);
        Assert.Equal("/NetKVM/2k22/amd64", _session.Run("Get-VirtioDriver $args[0] -Release 'Windows Server 2022' -Name net*", iso).Single.Get<string>("Folder"));
        Assert.Equal("/viostor/w10/x86", _session.Run("[IO.FileInfo]::new($args[0]) | Get-VirtioDriver -Architecture x86", iso).Single.Get<string>("Folder"));
    }

    [Fact]
    public void A_medium_without_drivers_is_a_warning_and_a_wrong_release_an_error()
    {
        Assert.Contains("no INF file", Assert.Single(_session.Run("Get-VirtioDriver $args[0]", _folder.Path).RequireNoErrors().Warnings), StringComparison.Ordinal);
        Assert.StartsWith("ParameterArgumentValidationError,", Assert.Single(_session.Run("Get-VirtioDriver $args[0] -Release 2k99", _folder.Path).Errors).FullyQualifiedErrorId, StringComparison.Ordinal);
        Assert.StartsWith("File.NotFound,", Assert.Single(_session.Run("Get-VirtioDriver $args[0]", _folder.File("nothing.iso")).Errors).FullyQualifiedErrorId, StringComparison.Ordinal);
        File.WriteAllText(_folder.File("no.iso"), "no disc");
        Assert.StartsWith("Image.UnknownFormat,", Assert.Single(_session.Run("Get-VirtioDriver $args[0]", _folder.File("no.iso")).Errors).FullyQualifiedErrorId, StringComparison.Ordinal);
    }

    [Fact]
    public void A_download_gets_its_name_and_is_not_fetched_twice()
    {
        using var server = new FileServer(new byte[100_000]);
        var outcome = _session.Run("Save-VirtioDriver $args[0] -Uri $args[1]", _folder.Path, server.Address);
        var file = outcome.Single;
        Assert.Contains(outcome.Progress, p => p is { Activity: "Downloading virtio-win.iso", PercentComplete: >= 0 and <= 100 });
        Assert.Equal(_folder.File("virtio-win.iso"), file.Get<string>("FullName"));
        Assert.Equal(100_000, new FileInfo(_folder.File("virtio-win.iso")).Length);
        _session.Run("Save-VirtioDriver $args[0] -Uri $args[1]", _folder.Path, server.Address).RequireNoErrors();
        Assert.Contains("if-none-match", server.Requests[1], StringComparison.Ordinal);
        Assert.Equal(2, server.Requests.Count);
    }

    [Fact]
    public void WhatIf_downloads_nothing_and_a_wrong_checksum_is_an_error()
    {
        using var server = new FileServer(new byte[1000]);
        Assert.Contains("virtio-win.iso", _session.Show("Save-VirtioDriver $args[0] -Uri $args[1] -WhatIf", _folder.Path, server.Address), StringComparison.Ordinal);
        Assert.Empty(server.Requests);
        var error = Assert.Single(_session.Run("Save-VirtioDriver $args[0] -Uri $args[1] -Checksum ('0' * 64)", _folder.Path, server.Address).Errors);
        Assert.StartsWith("Net.ChecksumMismatch,", error.FullyQualifiedErrorId, StringComparison.Ordinal);
        Assert.Empty(Directory.GetFiles(_folder.Path));
        Assert.StartsWith("Convert.BadRequest,", Assert.Single(_session.Run("Save-VirtioDriver $args[0] -Uri ftp://a.example/b.iso", _folder.Path).Errors).FullyQualifiedErrorId, StringComparison.Ordinal);
    }

    private void Add(string folder, string name)
    {
        Directory.CreateDirectory(_folder.File(folder));
        var architecture = folder.EndsWith("x86", StringComparison.Ordinal) ? "NTx86" : "NTamd64";
        var inf = $"""
            [Version]
            Signature="$Windows NT$"
            Class=SCSIAdapter
            Provider="Us"
            DriverVer=07/04/2024,100.95.104.26200
            CatalogFile={name}.cat
            [Manufacturer]
            "Us"=Dev,{architecture}
            [Dev.{architecture}]
            "A device"=inst,PCI\VEN_1AF4&DEV_1001
            """;
        File.WriteAllText(_folder.File($"{folder}/{name}.inf"), inf);
    }
}
