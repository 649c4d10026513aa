using OsMigrate.Bytes;
using OsMigrate.Guests.Windows.Inf;

namespace OsMigrate.Fuzz.Parsers;

/// <summary>An INF that uses most of what the parser knows, and the whole way through it.</summary>
internal static class InfSample
{
    public const string Text = """
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

    private static readonly TargetSystem[] Systems = [new("amd64", 10, 0, 26100, true), new("x86", 6, 1, 7601, false), new("arm64", 10, 0, 22000, false)];

    public static void Read(ByteStore file)
    {
        var package = DriverPackage.Read(file, file.Name);
        foreach (var system in Systems)
        {
            _ = package.CatalogFileFor(system.Architecture);
            foreach (var section in package.ModelsFor(system).GroupBy(m => m.InstallSection, StringComparer.OrdinalIgnoreCase).Take(20))
                _ = package.InstallFor(section.First(), system).FunctionService;
        }
    }
}
