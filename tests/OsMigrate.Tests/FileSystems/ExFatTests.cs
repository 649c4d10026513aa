using OsMigrate.Bytes;
using OsMigrate.FileSystems.ExFat;
using OsMigrate.Tests.Support;

namespace OsMigrate.Tests.FileSystems;

public sealed class ExFatTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [SkippableTheory]
    [InlineData(512)]
    [InlineData(4096)]
    [InlineData(131072)]
    public void A_volume_written_through_fuse_reads_the_same(int clusterSize)
    {
        Tool.Require("mkfs.exfat");
        Tool.Require("mount.exfat-fuse");
        var tree = _folder.File("tree");
        var mount = _folder.File("mnt");
        FileTree.Make(tree);
        Directory.CreateDirectory(mount);
        var image = _folder.File("exfat.img");
        using (var file = new FileStream(image, FileMode.CreateNew))
            file.SetLength(64 << 20);
        Tool.Check("mkfs.exfat", "-c", clusterSize.ToString(System.Globalization.CultureInfo.InvariantCulture), "-L", "STICK", image);
        // The driver wants a block device.
        Tool.Require("losetup");
        var (exit, output) = Tool.Run("losetup", "-f", "--show", image);
        Skip.If(exit != 0, "no loop device can be had here: " + output);
        var device = output.Trim();
        try
        {
            (exit, output) = Tool.Run("mount.exfat-fuse", device, mount);
            Skip.If(exit != 0, "the volume cannot be mounted here: " + output);
            Tool.Check("cp", "-r", tree + "/.", mount);
            // A hole between two files: the next large one must be chained, not contiguous.
            File.Delete(Path.Combine(mount, "big.bin"));
            File.WriteAllBytes(Path.Combine(mount, "wedge.bin"), new byte[200_000]);
            File.WriteAllBytes(Path.Combine(mount, "chained.bin"), new byte[4_000_000]);
            File.Copy(Path.Combine(tree, "big.bin"), Path.Combine(mount, "again.bin"));
            File.Move(Path.Combine(mount, "wedge.bin"), Path.Combine(mount, "empty", "wedge.bin"));
            var expected = FileTree.OfFolder(mount);
            Tool.Check("umount", mount);
            Tool.Check("sync", image);
            using var store = FileStore.OpenRead(image);
            var volume = ExFatVolume.Open(store);
            Assert.Equal("STICK", volume.Label);
            Assert.Equal(expected, FileTree.Of(volume));
        }
        finally
        {
            Tool.Run("umount", mount);
            Tool.Run("losetup", "-d", device);
        }
    }
}
