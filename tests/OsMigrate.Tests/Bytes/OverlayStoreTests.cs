using CsCheck;
using OsMigrate.Bytes;

namespace OsMigrate.Tests.Bytes;

public class OverlayStoreTests
{
    [Fact]
    public void Writes_are_read_back_and_never_reach_the_store_below()
    {
        var write = Gen.Select(Gen.Long[0, 299_999], Gen.Byte.Array[0, 70_000]);
        write.List[1, 8].Sample(writes =>
        {
            var below = new byte[300_000];
            new Random(1).NextBytes(below);
            var expected = (byte[])below.Clone();
            var untouched = (byte[])below.Clone();
            var overlay = new OverlayStore(new MemoryStore(below));
            foreach (var (offset, data) in writes)
            {
                var n = (int)Math.Min(data.Length, 300_000 - offset);
                overlay.Write(offset, data.AsSpan(0, n));
                data.AsSpan(0, n).CopyTo(expected.AsSpan((int)offset));
            }

            Assert.Equal(expected, overlay.ReadBytes(0, 300_000));
            Assert.Equal(untouched, below);
        });
    }

    [Fact]
    public void An_edit_inside_a_hole_becomes_data()
    {
        var overlay = new OverlayStore(new HoleStore(1 << 30));
        overlay.Write(500_000_000, [1, 2, 3]);
        var first = overlay.NextExtent(0);
        Assert.Equal(ExtentKind.Zero, first.Kind);
        var second = overlay.NextExtent(first.End);
        Assert.Equal(ExtentKind.Data, second.Kind);
        Assert.InRange(500_000_000, second.Start, second.End - 1);
        Assert.Equal(new Extent(second.End, (1 << 30) - second.End, ExtentKind.Zero), overlay.NextExtent(second.End));
    }

    private sealed class HoleStore(long length) : ByteStore
    {
        public override long Length => length;

        public override string Name => "hole";

        public override void Read(long offset, Span<byte> buffer) => buffer.Clear();

        public override Extent NextExtent(long offset) => new(offset, length - offset, ExtentKind.Zero);
    }
}
