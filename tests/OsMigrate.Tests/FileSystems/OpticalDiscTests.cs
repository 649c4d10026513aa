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
    public void Where_UDF_is_damaged_the_other_side_of_the_bridge_is_read()
    {
        var (disc, tree) = Bridge();
        var bytes = File.ReadAllBytes(disc);
        // The anchor at block 256 and, in this size of disc, the one at its end.
        bytes.AsSpan(256 * 2048, 16).Clear();
        bytes.AsSpan(bytes.Length - 2048, 16).Clear();
        var volume = OpticalDisc.Open(new MemoryStore(bytes));
        Assert.Equal("ISO 9660", volume.Kind);
        Assert.Equal(FileTree.OfFolder(tree), FileTree.Of(volume));
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
        Tool.Require("genisoimage");
        Directory.CreateDirectory(_folder.File("tree"));
        File.WriteAllText(_folder.File("tree/PART1.TXT"), new string('a', 2048));
        File.WriteAllText(_folder.File("tree/PART2.TXT"), "tail");
        var disc = _folder.File("disc.iso");
        Tool.Check("genisoimage", "-quiet", "-o", disc, _folder.File("tree"));
        var bytes = File.ReadAllBytes(disc);
        // Two records of one name, the first of which says that it goes on: what a file over 4 GiB looks like.
        bytes[bytes.AsSpan().IndexOf("PART1.TXT"u8) - 8] |= 0x80;
        "PART1"u8.CopyTo(bytes.AsSpan(bytes.AsSpan().IndexOf("PART2.TXT"u8)));
        var file = Assert.Single(Iso9660Volume.Open(new MemoryStore(bytes)).Root.Children());
        Assert.Equal(new string('a', 2048) + "tail", System.Text.Encoding.ASCII.GetString(FileTree.Content(file)));
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
        var at = bytes.AsSpan((int)root * 2048, 4096).IndexOf("\u0005EMPTY"u8) + ((int)root * 2048) - 32;
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
