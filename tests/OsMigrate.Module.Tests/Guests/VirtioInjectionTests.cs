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

    [SkippableFact]
    public void A_disk_is_changed_in_its_own_file_and_put_back()
    {
        var iso = SharedData.File("oracle/in/virtio-win.iso");
        var disk = _folder.File("disk.img");
        File.Copy(SharedData.File("oracle/in/win2k22-uefi.img"), disk);
        var before = Sums.Sha256(disk);
        var undo = _folder.File("disk.undo");
        _session.Run("Add-VirtioDriver $args[0] -InPlace -VirtioDriver $args[1] -WhatIf", disk, iso).RequireNoErrors();
        Assert.Equal(before, Sums.Sha256(disk));

        var made = _session.Run("Add-VirtioDriver $args[0] -InPlace -UndoFile $args[2] -VirtioDriver $args[1]", disk, iso, undo).Single;
        Assert.Equal(disk, made.Get<string>("Destination"));
        Assert.True(made.Get<long>("BytesWritten") is > 0 and < 100 << 20);
        Assert.True(_session.Run("Get-GuestOperatingSystem $args[0]", disk).Single.Get<bool>("HasVirtioStorage"));
        Assert.NotEqual(before, Sums.Sha256(disk));

        Assert.True(_session.Run("$args[0] | Undo-DiskImageEdit", made).Single.Get<bool>("WasChanged"));
        Assert.Equal(before, Sums.Sha256(disk));
        Assert.False(File.Exists(undo));
    }

    [Theory]
    [InlineData("", "one of the two")]
    [InlineData("-InPlace -Destination x.qcow2", "one of the two")]
    [InlineData("-Destination x.qcow2 -UndoFile y", "without -InPlace")]
    [InlineData("-InPlace -DiskFormat raw", "keeps its format")]
    public void Wishes_that_contradict_each_other_are_refused(string wish, string why)
    {
        var raw = _folder.File("a.raw");
        File.WriteAllBytes(raw, new byte[4096]);
        var error = Assert.Single(_session.Run($"Repair-DriverDatabase $args[0] {wish}", raw).Errors);
        Assert.StartsWith("Convert.BadRequest", error.FullyQualifiedErrorId, StringComparison.Ordinal);
        Assert.Contains(why, error.ToString(), StringComparison.Ordinal);
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
