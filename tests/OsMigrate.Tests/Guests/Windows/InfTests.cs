using System.Text;
using OsMigrate.Bytes;
using OsMigrate.Guests.Windows.Inf;
using OsMigrate.Tests.Support;

namespace OsMigrate.Tests.Guests.Windows;

public class InfTests
{
    private static readonly TargetSystem Server2022 = new("amd64", 10, 0, 20348, IsServer: true);

    private const string Sample = """
        ; comment
        [Version]
        Signature = "$WINDOWS NT$" ; more
        Class=SCSIAdapter
        ClassGuid={4D36E97B-E325-11CE-BFC1-08002BE10318}
        Provider=%VENDOR%
        DriverVer=07/04/2024,100.95.104.26200
        CatalogFile = a.cat
        CatalogFile.NTx86 = a32.cat
        [Manufacturer]
        %VENDOR% = Dev, NTamd64, NTamd64.10.0...17763, NTamd64.10.0.1, NTx86.6.1
        [Dev.NTx86.6.1]
        "Old" = inst, PCI\VEN_1&DEV_1
        [Dev.NTamd64]
        %Dev% = inst, PCI\VEN_1&DEV_1
        [Dev.NTamd64.10.0...17763]
        %Dev% = inst, PCI\VEN_1&DEV_2, \
           PCI\VEN_1, \
           *PNP0001
        [Dev.NTamd64.10.0.1]
        %Dev% = inst, PCI\VEN_1&DEV_3
        [inst.NT]
        CopyFiles = files, @extra.dll
        AddReg = reg
        Needs = more, their.section
        Include = their.inf
        [more]
        AddReg = reg2
        [reg]
        HKR,,"Quoted, with ""quotes"" ",,"text; no comment"
        HKR,Sub,Number,0x10001,0x2A
        HKR,Sub,List,%MULTI%,one,"two, with comma",three
        HKR,Sub,Bytes,1,01,ff, 80
        HKR,Sub,Path,0x20000,"%%SystemRoot%%\x.dll"
        HKLM,Only\Key,,0x10
        HKR,Sub,Long,0x000b0001,0x100000000
        [reg2]
        HKR,,Minus,0x00010003,-1
        [files]
        new.sys, old.sys,, 0x2
        [DestinationDirs]
        DefaultDestDir = 11
        files = 12, "sub"
        [SourceDisksFiles]
        old.sys = 1, x64
        [inst.NT.Services]
        AddService = , 2
        AddService = Drv, 0x00000802, svc, log, Application, DrvLog
        [svc]
        DisplayName = %Dev%
        ServiceType = %KERNEL%
        StartType = 0
        ErrorControl = 3
        ServiceBinary = %12%\sub\new.sys
        LoadOrderGroup = SCSI miniport
        Dependencies = a, b
        BootFlags = 0x14
        AddReg = reg2
        [log]
        AddReg = reg2
        [inst.NT.HW]
        AddReg = reg2
        [Strings]
        VENDOR = "Beispiel"
        Dev = "Gerät"
        MULTI = 0x10000
        KERNEL = 1
        [Strings.0409]
        Dev = "Device"
        """;

    [Fact]
    public void Every_part_of_a_package_is_read()
    {
        var package = Read(Encoding.UTF8.GetBytes(Sample));
        Assert.Equal("Beispiel", package.Provider);
        Assert.Equal(new Guid("4d36e97b-e325-11ce-bfc1-08002be10318"), package.ClassGuid);
        Assert.Equal(new DateTime(2024, 7, 4), package.DriverDate);
        Assert.Equal(new Version(100, 95, 104, 26200), package.DriverVersion);
        Assert.Equal("a.cat", package.CatalogFileFor("amd64"));
        Assert.Equal("a32.cat", package.CatalogFileFor("x86"));
        Assert.Equal(["amd64", "x86"], package.Architectures);
        Assert.Equal(4, package.Models.Count);
        Assert.Equal("x64", package.SourceFiles["OLD.SYS"]);
    }

    [Theory]
    [InlineData("amd64", 10, 20348, true, "PCI\\VEN_1&DEV_2")]
    [InlineData("amd64", 10, 14393, true, "PCI\\VEN_1&DEV_1")]
    [InlineData("amd64", 10, 14393, false, "PCI\\VEN_1&DEV_3")]
    [InlineData("x86", 10, 19045, false, "PCI\\VEN_1&DEV_1")]
    [InlineData("x86", 5, 2600, false, null)]
    [InlineData("arm64", 10, 22000, false, null)]
    public void The_models_are_those_of_the_closest_decoration(string architecture, int major, int build, bool isServer, string? expected)
    {
        var models = Read(Encoding.UTF8.GetBytes(Sample)).ModelsFor(new TargetSystem(architecture, major, 0, build, isServer));
        Assert.Equal(expected, models.SingleOrDefault()?.HardwareId);
    }

    [Fact]
    public void An_install_section_gives_files_registry_and_services()
    {
        var package = Read(Encoding.UTF8.GetBytes(Sample));
        var model = Assert.Single(package.ModelsFor(Server2022));
        Assert.Equal(("%Dev%", "Device", "%VENDOR%"), (model.DescriptionToken, model.Description, model.ManufacturerToken));
        Assert.Equal(["PCI\\VEN_1", "*PNP0001"], model.CompatibleIds);
        var install = package.InstallFor(model, Server2022);
        Assert.Equal("inst.NT", install.Section);
        Assert.Equal([("old.sys", "new.sys", @"System32\drivers\sub", 2u), ("extra.dll", "extra.dll", "System32", 0u)], install.Files.Select(f => (f.Source, f.Target, f.Directory.BelowWindows!, f.Flags)));
        Assert.Equal(["their.inf"], install.Includes);
        Assert.Equal(["more", "their.section"], install.Needs);
        Assert.Single(install.HardwareRegistry);
        var service = Assert.Single(install.Services);
        Assert.Equal(service, install.FunctionService);
        Assert.Equal(("Drv", "Device", 1u, 0u, 3u), (service.Name, service.DisplayName, service.ServiceType, service.StartType, service.ErrorControl));
        Assert.Equal((@"System32\drivers\sub", "new.sys", "SCSI miniport", 0x14u), (service.BinaryDirectory!.BelowWindows!, service.BinaryName, service.LoadOrderGroup!, service.BootFlags!.Value));
        Assert.Equal(["a", "b"], service.Dependencies);
        Assert.Equal(("DrvLog", "Application", 1), (service.EventLogName!, service.EventLogType, service.EventLogRegistry.Count));
    }

    [Fact]
    public void Registry_values_are_what_Windows_would_store()
    {
        var package = Read(Encoding.UTF8.GetBytes(Sample));
        var registry = package.InstallFor(package.ModelsFor(Server2022)[0], Server2022).Registry;
        string Shown(RegistryAddition r) => $"{r.Root} {r.SubKey} {r.ValueName} {r.ValueType} " + (r.ValueType is 1 or 2 or 7 && !r.IsKeyOnly ? Encoding.Unicode.GetString(r.Data).Replace('\0', '|') : Convert.ToHexString(r.Data));
        Assert.Equal(
            [
                "HKR  Quoted, with \"quotes\"  1 text; no comment|",
                "HKR Sub Number 4 2A000000",
                "HKR Sub List 7 one|two, with comma|three||",
                "HKR Sub Bytes 3 01FF80",
                "HKR Sub Path 2 %SystemRoot%\\x.dll|",
                "HKLM Only\\Key  1 ",
                "HKR Sub Long 11 0000000001000000",
                "HKR  Minus 4 FFFFFFFF",
            ],
            registry.Select(Shown));
        Assert.True(registry[5].IsKeyOnly);
        Assert.True(registry[7].KeepsExisting);
    }

    [Theory]
    [InlineData("utf-8", true)]
    [InlineData("utf-8", false)]
    [InlineData("utf-16", true)]
    [InlineData("utf-16", false)]
    [InlineData("utf-16BE", true)]
    [InlineData("iso-8859-1", false)]
    public void The_encoding_is_found(string name, bool hasMark)
    {
        var encoding = Encoding.GetEncoding(name);
        var text = Sample.Replace("[Strings.0409]", "[Strings.0407]", StringComparison.Ordinal).Replace("Dev = \"Device\"", "", StringComparison.Ordinal);
        var package = Read([.. hasMark ? encoding.GetPreamble() : [], .. encoding.GetBytes(text)]);
        Assert.Equal("Gerät", package.ModelsFor(Server2022)[0].Description);
    }

    [Fact]
    public void A_file_that_is_no_INF_is_refused()
    {
        Assert.Equal(ErrorIds.DriverPackage, Assert.Throws<InvalidImageException>(() => Read("MZ..."u8.ToArray())).ErrorId);
        Assert.Equal(ErrorIds.TooLarge, Assert.Throws<InvalidImageException>(() => Read(new byte[9 << 20])).ErrorId);
    }

    [Fact]
    public void Tokens_that_multiply_are_refused()
    {
        var token = new string('x', 4000);
        var line = "HKR,,a,,%t%\n";
        var text = Sample.Replace("[reg]", "[reg]\n" + string.Concat(Enumerable.Repeat(line, 9900)), StringComparison.Ordinal) + $"\nt = \"{token}\"";
        var package = Read(Encoding.UTF8.GetBytes(text));
        Assert.Equal(ErrorIds.TooLarge, Assert.Throws<InvalidImageException>(() => package.InstallFor(package.ModelsFor(Server2022)[0], Server2022)).ErrorId);
    }

    [SkippableTheory]
    [MemberData(nameof(Real))]
    public void Every_real_INF_has_models_that_can_be_installed(string relative)
    {
        using var file = FileStore.OpenRead(SharedData.File(relative));
        var package = DriverPackage.Read(file, Path.GetFileName(relative));
        Assert.NotEqual(Guid.Empty, package.ClassGuid);
        Assert.NotNull(package.DriverVersion);
        Assert.NotEmpty(package.Provider);
        var models = package.ModelsFor(Server2022);
        Assert.NotEmpty(models);
        foreach (var model in models)
        {
            Assert.DoesNotContain('%', model.Description);
            var install = package.InstallFor(model, Server2022);
            Assert.All(install.Files, f => Assert.True(f.Directory.BelowWindows is not null || f.Directory.IsDriverStore, f.ToString()));
            Assert.All(install.Services, s => Assert.NotEmpty(s.BinaryName));
        }
    }

    public static TheoryData<string> Real => SharedData.Rows("inf", ".inf", ".inx");

    private static DriverPackage Read(byte[] bytes) => DriverPackage.Read(new MemoryStore(bytes, "sample.inf"), "sample.inf");
}
