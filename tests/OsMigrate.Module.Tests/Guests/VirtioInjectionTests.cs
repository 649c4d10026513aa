using OsMigrate.Module.Tests.Support;

namespace OsMigrate.Module.Tests.Guests;

public sealed class VirtioInjectionTests : IDisposable
{
    private readonly Session _session = new();
    private readonly TempFolder _folder = new();

    public void Dispose()
    {
        _session.Dispose();
        _folder.Dispose();
    }

    [SkippableFact]
    public void A_guest_is_looked_at_and_given_drivers_in_a_new_file()
    {
        var source = SharedData.File("oracle/in/win2k22-uefi.img");
        var iso = SharedData.File("oracle/in/virtio-win.iso");
        var before = _session.Run("Get-GuestOperatingSystem $args[0]", source).Single;
        Assert.Equal("Windows Server 2022", before.Get<string>("Release"));
        Assert.Equal("uefi", before.Get<string>("Firmware"));
        Assert.False(before.Get<bool>("HasVirtioStorage"));
        Assert.True(before.Get<bool>("CanPrepare"));

        var target = _folder.File("out.qcow2");
        _session.Run("Add-VirtioDriver $args[0] $args[1] -VirtioDriver $args[2] -WhatIf", source, target, iso).RequireNoErrors();
        Assert.Contains(@"Services\viostor", _session.Host.Text, StringComparison.Ordinal);
        Assert.False(File.Exists(target));

        var made = _session.Run("Add-VirtioDriver $args[0] $args[1] -VirtioDriver $args[2]", source, target, iso).Single;
        Assert.Contains("viostor", made.Get<string[]>("Drivers"));
        var after = _session.Run("Get-GuestOperatingSystem $args[0]", target).Single;
        Assert.True(after.Get<bool>("HasVirtioStorage"));
    }

    [Fact]
    public void A_disk_without_a_system_is_refused_by_name()
    {
        var raw = _folder.File("empty.raw");
        using (var file = File.Create(raw))
            file.SetLength(1 << 20);
        Assert.False(_session.Run("Get-GuestOperatingSystem $args[0]", raw).Single.Get<bool>("CanPrepare"));
        Directory.CreateDirectory(_folder.File("media"));
        Assert.StartsWith("Guest.NotFit", Assert.Single(_session.Run("Add-VirtioDriver $args[0] $args[1] -VirtioDriver $args[2]", raw, _folder.File("x.qcow2"), _folder.File("media")).Errors).FullyQualifiedErrorId, StringComparison.Ordinal);
    }
}
