using System.Management.Automation;
using OsMigrate.Module.Tests.Support;

namespace OsMigrate.Module.Tests;

public sealed class ConvertWindowsTests : IDisposable
{
    private readonly TempFolder _folder = new();
    private readonly Session _session = new();

    public void Dispose()
    {
        _session.Dispose();
        _folder.Dispose();
    }

    [SkippableFact]
    public void A_Windows_disk_gets_the_drivers_and_the_result_lists_every_change()
    {
        var (disk, medium) = (SharedData.File("oracle/in/win10-bios.img"), SharedData.File("oracle/in/virtio-win.iso"));
        var result = _session.Run("Convert-ToOpenStack $args[0] $args[1] -VirtioDriver $args[2]", disk, _folder.File("out"), medium).Single;
        var guest = PSObject.AsPSObject(result.Get<object>("Guest"));
        Assert.StartsWith("Windows 10", guest.Get<string>("System"), StringComparison.Ordinal);
        Assert.Contains(guest.Get<object[]>("Drivers"), d => $"{d}".StartsWith("viostor ", StringComparison.Ordinal));
        Assert.Contains(guest.Get<object[]>("Changes"), c => $"{c}".Contains("viostor.sys", StringComparison.OrdinalIgnoreCase));
        Assert.Equal("virtio", result.Get<IReadOnlyDictionary<string, string>>("ImageProperties")["hw_disk_bus"]);
    }

    [SkippableFact]
    public void WhatIf_tells_of_the_injection_and_writes_nothing()
    {
        var (disk, medium) = (SharedData.File("oracle/in/win10-bios.img"), SharedData.File("oracle/in/virtio-win.iso"));
        Assert.Empty(_session.Run("Convert-ToOpenStack $args[0] $args[1] -VirtioDriver $args[2] -WhatIf", disk, _folder.File("out"), medium).Output);
        Assert.False(Directory.Exists(_folder.File("out")));
    }
}
