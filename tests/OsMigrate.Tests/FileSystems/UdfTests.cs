using System.Text;
using OsMigrate.Bytes;
using OsMigrate.FileSystems.Udf;
using OsMigrate.Tests.Support;

namespace OsMigrate.Tests.FileSystems;

public class UdfTests
{
    [Theory]
    [InlineData(false, false)]
    [InlineData(true, false)]
    [InlineData(true, true)]
    public void Every_way_to_store_content_is_read_with_and_without_a_metadata_partition(bool metadata, bool breakMetadata)
    {
        var volume = UdfVolume.Open(new MemoryStore(Disc(metadata).Build(breakMetadata)));
        Assert.Equal("HANDMADE", volume.Label);
        Assert.Equal(["embedded.txt", "long.bin", "čeština ☃"], volume.Root.Children().Select(c => c.Name).Where(n => n != "chained.bin"));
        Assert.Equal("embedded content", Encoding.ASCII.GetString(FileTree.Content(volume.Find("embedded.txt")!)));
        var content = FileTree.Content(volume.Find("LONG.BIN")!);
        Assert.Equal(new string('a', 2048) + new string('\0', 4096) + new string('b', 100), Encoding.ASCII.GetString(content));
        Assert.Equal("wide", Encoding.ASCII.GetString(FileTree.Content(volume.Find("čeština ☃")!)));
        Assert.Equal(new DateTime(2024, 7, 4, 10, 0, 0), volume.Find("long.bin")!.ModifiedTime);
    }

    [Fact]
    public void Descriptors_that_go_on_elsewhere_are_followed()
    {
        var volume = UdfVolume.Open(new MemoryStore(Disc(metadata: false).Build()));
        Assert.Equal(new string('a', 2048) + new string('b', 2048) + new string('a', 7), Encoding.ASCII.GetString(FileTree.Content(volume.Find("chained.bin")!)));
    }

    [Fact]
    public void Descriptors_that_lead_back_to_themselves_are_an_error()
    {
        var disc = new UdfBuilder(metadata: false);
        disc.File("circle.bin", 100_000, 0, UdfBuilder.Short(3, UdfBuilder.Block, 152));
        disc.Continuation(152, UdfBuilder.Short(3, UdfBuilder.Block, 152));
        var file = UdfVolume.Open(new MemoryStore(disc.Build())).Find("circle.bin")!;
        Assert.Equal(ErrorIds.BadStructure, Assert.Throws<InvalidImageException>(file.OpenContent).ErrorId);
    }

    [Fact]
    public void A_flipped_bit_in_a_descriptor_is_found()
    {
        var disc = Disc(metadata: false).Build();
        disc[(301 * UdfBuilder.Block) + 60] ^= 4;
        Assert.Equal(ErrorIds.BadChecksum, Assert.Throws<InvalidImageException>(() => UdfVolume.Open(new MemoryStore(disc))).ErrorId);
    }

    [Fact]
    public void A_rewritable_disc_is_refused_with_the_reason()
    {
        var bytes = Disc(metadata: true).Build();
        var at = (33 * UdfBuilder.Block) + 446 + 5;
        "*UDF Virtual Partition\0"u8.CopyTo(bytes.AsSpan(at));
        // The sum of the changed descriptor is not of interest here: a CRC over nothing fits everything.
        var tag = bytes.AsSpan(33 * UdfBuilder.Block, 16);
        tag.Slice(8, 4).Clear();
        tag[4] = 0;
        tag[4] = (byte)tag.ToArray().Sum(b => b);
        var error = Assert.Throws<InvalidImageException>(() => UdfVolume.Open(new MemoryStore(bytes)));
        Assert.Equal(ErrorIds.UnsupportedFeature, error.ErrorId);
        Assert.Contains("Virtual", error.Message, StringComparison.Ordinal);
    }

    private static UdfBuilder Disc(bool metadata)
    {
        var disc = new UdfBuilder(metadata);
        disc.Data(150).Fill((byte)'a');
        disc.Data(151).Fill((byte)'b');
        var text = "embedded content"u8.ToArray();
        disc.File("embedded.txt", text.Length, 3, text);
        disc.File("long.bin", 2048 + 4096 + 100, 1, [.. UdfBuilder.Long(0, 2048, 150, 0), .. UdfBuilder.Long(2, 4096, 0, 0), .. UdfBuilder.Long(0, 100, 151, 0)]);
        if (!metadata)
        {
            disc.File("chained.bin", 4096 + 7, 0, [.. UdfBuilder.Short(0, 2048, 150), .. UdfBuilder.Short(3, UdfBuilder.Block, 152)]);
            disc.Continuation(152, [.. UdfBuilder.Short(0, 2048, 151), .. UdfBuilder.Short(0, 7, 150)]);
        }

        disc.File("čeština ☃", 4, 3, "wide"u8.ToArray(), wide: true);
        return disc;
    }
}
