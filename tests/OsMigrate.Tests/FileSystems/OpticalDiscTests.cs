using OsMigrate.Bytes;
using OsMigrate.FileSystems;
using OsMigrate.FileSystems.Iso9660;
using OsMigrate.FileSystems.Udf;
using OsMigrate.Tests.Support;

namespace OsMigrate.Tests.FileSystems;

public sealed class OpticalDiscTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [SkippableFact]
    public void All_three_trees_of_a_bridge_disc_hold_what_was_put_in()
    {
        var (disc, tree) = Bridge();
        using var store = FileStore.OpenRead(disc);
        var expected = FileTree.OfFolder(tree);
        Assert.Equal(expected, FileTree.Of(UdfVolume.Open(store)));
        Assert.Equal(expected, FileTree.Of(Iso9660Volume.Open(store, IsoNames.RockRidge)));
        Assert.Equal(expected, FileTree.Of(Iso9660Volume.Open(store, IsoNames.Joliet)));
        Assert.Equal(expected.Count, FileTree.Of(Iso9660Volume.Open(store, IsoNames.Primary)).Count);
    }

    [SkippableFact]
    public void A_bridge_is_read_as_UDF_and_its_label_is_known()
    {
        var (disc, _) = Bridge();
        using var store = FileStore.OpenRead(disc);
        var volume = OpticalDisc.Open(store);
        Assert.Equal("UDF", volume.Kind);
        Assert.Equal("BRIDGE", volume.Label);
        Assert.Equal("BRIDGE", Iso9660Volume.Open(store).Label);
    }

    [SkippableFact]
    public void A_disc_of_xorriso_with_moved_deep_folders_reads_the_same()
    {
        Tool.Require("xorriso");
        var tree = _folder.File("tree");
        FileTree.Make(tree);
        Directory.CreateDirectory(Path.Combine(tree, "a/b/c/d/e/f/g/h/i/j/k"));
        File.WriteAllText(Path.Combine(tree, "a/b/c/d/e/f/g/h/i/j/k/deep"), "deep");
        var disc = _folder.File("disc.iso");
        Tool.Check("xorriso", "-as", "mkisofs", "-quiet", "-J", "-joliet-long", "-R", "-V", "XO", "-o", disc, tree);
        using var store = FileStore.OpenRead(disc);
        Assert.Equal(FileTree.OfFolder(tree), FileTree.Of(Iso9660Volume.Open(store)));
    }

    [SkippableFact]
    public void A_file_in_several_extents_reads_as_one()
    {
        Tool.Require("xorriso");
        Directory.CreateDirectory(_folder.File("tree"));
        var big = _folder.File("tree/big.img");
        using (var file = new FileStream(big, FileMode.CreateNew))
        {
            file.SetLength((4L << 30) + 12345);
            file.Position = file.Length - 5;
            file.Write("tail!"u8);
        }

        var disc = _folder.File("disc.iso");
        var (exit, output) = Tool.Run("xorriso", "-as", "mkisofs", "-quiet", "-iso-level", "3", "-J", "-R", "-o", disc, _folder.File("tree"));
        Skip.If(exit != 0, output);
        using var store = FileStore.OpenRead(disc);
        using var content = Iso9660Volume.Open(store).Find("/BIG.img")!.OpenContent();
        Assert.Equal((4L << 30) + 12345, content.Length);
        Assert.Equal("tail!"u8.ToArray(), content.ReadBytes(content.Length - 5, 5));
    }

    [SkippableFact]
    public void The_driver_disc_reads_as_seven_zip_extracts_it()
    {
        Tool.Require("7z");
        var disc = SharedData.File("oracle/in/virtio-win.iso");
        Tool.Check("7z", "x", "-y", "-o" + _folder.File("out"), disc);
        using var store = FileStore.OpenRead(disc);
        var expected = FileTree.OfFolder(_folder.File("out"));
        Assert.True(expected.Count > 1000);
        Assert.Equal(expected, FileTree.Of(Iso9660Volume.Open(store, IsoNames.RockRidge)));
        Assert.Equal(expected, FileTree.Of(Iso9660Volume.Open(store, IsoNames.Joliet)));
    }

    [SkippableFact]
    public void A_folder_that_contains_itself_is_an_error_and_not_an_endless_walk()
    {
        var (disc, _) = Bridge();
        var bytes = File.ReadAllBytes(disc);
        var volume = Iso9660Volume.Open(new MemoryStore(bytes), IsoNames.Primary);
        // The record of the folder "empty" is turned to the root's own place.
        var root = BitConverter.ToUInt32(bytes, (16 * 2048) + 156 + 2);
        var at = bytes.AsSpan((int)root * 2048, 4096).IndexOf("\x05EMPTY"u8) + ((int)root * 2048) - 32;
        BitConverter.GetBytes(root).CopyTo(bytes, at + 2);
        Assert.Equal(ErrorIds.Overlap, Assert.Throws<InvalidImageException>(() => FileTree.Of(volume)).ErrorId);
    }

    private (string Disc, string Tree) Bridge()
    {
        Tool.Require("genisoimage");
        var tree = _folder.File("tree");
        FileTree.Make(tree);
        var disc = _folder.File("disc.iso");
        Tool.Check("genisoimage", "-quiet", "-udf", "-J", "-joliet-long", "-R", "-V", "BRIDGE", "-o", disc, tree);
        return (disc, tree);
    }
}
