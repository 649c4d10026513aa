using CsCheck;
using OsMigrate.Bytes;
using OsMigrate.Disks;
using OsMigrate.Disks.Vhdx;

namespace OsMigrate.Tests.Disks.Vhdx;

public class VhdxLogTests
{
    private const int MiB = VhdxBuilder.MiB;
    private static readonly Guid Log = new("aaaaaaaa-bbbb-cccc-dddd-eeeeeeeeeeee");
    private static readonly byte[] Old = VhdxBuilder.Pattern(1);
    private static readonly byte[] Page = VhdxBuilder.Pattern(9, 4096);

    [Fact]
    public void Entries_are_replayed_in_order_from_the_tail_and_the_file_stays_as_it_is()
    {
        var file = Dirty(
            (0, Entry(4, 0, (4 * MiB, Old[4096..8192], 0))),
            (8192, Entry(5, 8192, (4 * MiB, Page, 0), (4 * MiB + 16384, null, 8192))),
            (16384, Entry(6, 8192, (4 * MiB + 20480, Page, 0))));
        var before = (byte[])file.Clone();

        using var image = DiskFormats.Open(new MemoryStore(file), Siblings.None);

        var expected = (byte[])Old.Clone();
        Page.CopyTo(expected, 0);
        expected.AsSpan(16384, 4096).Clear();
        Page.CopyTo(expected, 20480);
        Assert.Equal(expected, image.ReadBytes(0, MiB));
        Assert.Equal(before, file);
        Assert.Contains(image.Info.Notices, n => n.Contains("log"));
        Assert.Contains(VhdxFormat.Instance.Check(new MemoryStore(file), Siblings.None, default), f => f.ErrorId == ErrorIds.Dirty);
    }

    [Fact]
    public void A_sequence_may_run_around_the_end_of_the_ring_and_lengthen_the_file()
    {
        var table = new byte[4096];
        BitConverter.GetBytes(6 | (4UL * MiB)).CopyTo(table, 0);
        BitConverter.GetBytes(6 | (5UL * MiB)).CopyTo(table, 8);
        var file = Dirty(
            (MiB - 4096, Entry(0x1_0000_0000, MiB - 4096, (3 * MiB, table, 0))),
            (4096, Entry(0x1_0000_0001, MiB - 4096, (5 * MiB, Page, 0))));

        using var image = DiskFormats.Open(new MemoryStore(file), Siblings.None);

        Assert.Equal(Page, image.ReadBytes(MiB, 4096));
        Assert.True(Zeros.AreAll(image.ReadBytes(MiB + 4096, MiB - 4096)));
    }

    [Fact]
    public void A_log_without_a_whole_sequence_is_refused()
    {
        Assert.Equal(ErrorIds.Dirty, Refusal(Dirty()));
        var entry = Entry(5, 0, (4 * MiB, Page, 0));
        entry[5000] ^= 1;
        Assert.Equal(ErrorIds.Dirty, Refusal(Dirty((0, entry))));
        Assert.Equal(ErrorIds.Dirty, Refusal(Dirty((0, Entry(5, 4096, (4 * MiB, Page, 0))))));
        Assert.Equal(ErrorIds.Dirty, Refusal(Dirty((0, Entry(5, 0, (4 * MiB + 1, Page, 0))))));
    }

    [Fact]
    public void Changes_laid_over_each_other_read_as_if_they_had_been_written()
        => Gen.Select(Gen.Int[0, 63], Gen.Int[1, 20], Gen.Bool, Gen.Int[0, 255]).Array[1, 30].Sample(changes =>
        {
            var plain = VhdxBuilder.Pattern(3, 64 * 4096);
            using var store = new VhdxReplayedStore(new MemoryStore((byte[])plain.Clone()));
            foreach (var (page, count, isZero, value) in changes)
            {
                var length = Math.Min(count, 64 - page) * 4096;
                var data = Enumerable.Repeat(isZero ? (byte)0 : (byte)value, length).ToArray();
                data.CopyTo(plain, page * 4096);
                if (isZero)
                    store.PutZeros(page * 4096, length);
                else
                    store.PutData(page * 4096, data);
            }

            Assert.Equal(plain, store.ReadBytes(0, plain.Length));
            Assert.Equal(plain[5000..200_001], store.ReadBytes(5000, 195_001));
            for (long at = 0; at < store.Length; at = store.NextExtent(at).End)
            {
                if (store.NextExtent(at) is { Kind: ExtentKind.Zero } extent)
                    Assert.True(Zeros.AreAll(plain.AsSpan((int)extent.Start, (int)extent.Length)));
            }
        });

    private static byte[] Entry(ulong sequence, int tail, params (long, byte[]?, long)[] changes)
        => VhdxBuilder.LogEntry(Log, sequence, tail, 6 * MiB, changes);

    private static byte[] Dirty(params (int At, byte[] Entry)[] entries)
    {
        var file = new VhdxBuilder { LogGuid = Log }.Block(0, 6, Old).Build();
        foreach (var (at, entry) in entries)
        {
            var first = Math.Min(entry.Length, MiB - at);
            entry.AsSpan(0, first).CopyTo(file.AsSpan(MiB + at));
            entry.AsSpan(first).CopyTo(file.AsSpan(MiB));
        }

        return file;
    }

    private static string Refusal(byte[] file) => Assert.Throws<InvalidImageException>(() => DiskFormats.Open(new MemoryStore(file), Siblings.None)).ErrorId;
}
