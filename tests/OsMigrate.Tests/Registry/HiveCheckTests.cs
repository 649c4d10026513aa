using System.Buffers.Binary;
using OsMigrate.Bytes;
using OsMigrate.Registry;
using OsMigrate.Tests.Support;

namespace OsMigrate.Tests.Registry;

public sealed class HiveCheckTests
{
    [Fact]
    public void A_hive_that_was_edited_at_random_is_sound_and_holds_what_was_written()
    {
        for (var seed = 0; seed < 10; seed++)
        {
            var random = new Random(seed);
            var hive = Hive.Create();
            var model = new SortedDictionary<string, byte[]>(StringComparer.OrdinalIgnoreCase);
            for (var i = 0; i < 600; i++)
            {
                var name = $@"k{random.Next(20)}\s{random.Next(60)}";
                if (random.Next(4) == 0 && model.Remove(name))
                {
                    Assert.True(hive.Root.DeleteSubKey(name));
                    continue;
                }

                // Some are longer than one cell of data may be.
                var data = new byte[random.Next(20) == 0 ? random.Next(16_000, 60_000) : random.Next(200)];
                random.NextBytes(data);
                hive.Root.Create(name).SetBinary("v", data);
                model[name] = data;
            }

            var bytes = hive.ToArray();
            Assert.Empty(Errors(bytes));
            var again = Hive.Load(new MemoryStore(bytes));
            foreach (var entry in model)
                Assert.Equal(entry.Value, again.Find(entry.Key)!.Value("v")!.Bytes.ToArray());
            Assert.Equal(model.Count, again.Root.SubKeys.Sum(k => k.SubKeys.Count));
        }
    }

    [Fact]
    public void What_other_readers_accept_is_seen()
    {
        var hive = Hive.Create();
        for (var i = 0; i < 40; i++)
            hive.Root.Create($"key{i:00}").SetDword("n", (uint)i);
        var good = hive.ToArray();
        Assert.Empty(Errors(good));
        // Unequal sequence numbers, with the right checksum for them.
        Assert.True(HiveCheck.Run(new MemoryStore(Changed(good, b => b[4]++))).Findings.Count > 0);
        var list = Find(good, "lh"u8);
        // A wrong hash.
        Assert.NotEmpty(Errors(Changed(good, b => b[list + 8]++)));
        // Two entries swapped, hashes with them.
        Assert.NotEmpty(Errors(Changed(good, b =>
        {
            var first = b.AsSpan(list + 4, 8).ToArray();
            b.AsSpan(list + 12, 8).CopyTo(b.AsSpan(list + 4));
            first.CopyTo(b.AsSpan(list + 12));
        })));
    }

    [SkippableTheory]
    [MemberData(nameof(Files))]
    public void A_real_hive_is_read_or_refused_and_an_edit_adds_no_fault(string file)
    {
        var path = SharedData.File(file);
        var bytes = File.ReadAllBytes(path);
        try
        {
            var hive = Hive.Load(new MemoryStore(bytes));
            var before = Errors(bytes).Count;
            hive.Root.Create(@"OsMigrate\Test").SetString("text", "something");
            hive.Root.Find("OsMigrate")!.Delete();
            var after = hive.ToArray();
            Assert.True(Errors(after).Count <= before, string.Join('\n', Errors(after)));
        }
        catch (InvalidImageException e)
        {
            Assert.NotEmpty(e.Message);
        }
    }

    public static TheoryData<string> Files => SharedData.Rows("hive");

    private static List<HiveFinding> Errors(byte[] bytes) => HiveCheck.Run(new MemoryStore(bytes)).Findings.Where(f => f.Severity == HiveSeverity.Error).ToList();

    private static byte[] Changed(byte[] good, Action<byte[]> change)
    {
        var bytes = (byte[])good.Clone();
        change(bytes);
        uint sum = 0;
        for (var at = 0; at < 508; at += 4)
            sum ^= BinaryPrimitives.ReadUInt32LittleEndian(bytes.AsSpan(at));
        BinaryPrimitives.WriteUInt32LittleEndian(bytes.AsSpan(508), sum is 0xFFFF_FFFF ? 0xFFFF_FFFE : sum == 0 ? 1 : sum);
        return bytes;
    }

    /// <summary>The list with 40 entries.</summary>
    private static int Find(byte[] bytes, ReadOnlySpan<byte> mark)
    {
        for (var at = 4096; at < bytes.Length - 4; at += 4)
        {
            if (bytes.AsSpan(at, 2).SequenceEqual(mark) && BinaryPrimitives.ReadUInt16LittleEndian(bytes.AsSpan(at + 2)) == 40)
                return at;
        }

        throw new InvalidOperationException("no list of 40 keys");
    }
}
