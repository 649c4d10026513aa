using System.Buffers.Binary;
using OsMigrate.Bytes;
using OsMigrate.Registry;

namespace OsMigrate.Fuzz.Parsers;

/// <summary>Registry hives, and hives with the log that completes them: loaded, walked, checked, edited, written.</summary>
/// <param name="withLog">The input is a hive, its log, and the length of the hive in the last four bytes.</param>
internal sealed class HiveTarget(bool withLog) : FuzzTarget
{
    private const int MaxKeys = 200_000;

    public override string Name => withLog ? "hivelog" : "hive";

    public override IReadOnlyList<byte[]> Seeds(SeedFolder folder) => folder.Get(Name, withLog ? Pairs : Hives);

    public override bool Parse(byte[] bytes, int length, Random random)
    {
        ByteStore store = new InputStore(bytes, length, "input");
        ByteStore? log = null;
        if (withLog)
        {
            if (length < 4 || BinaryPrimitives.ReadInt32LittleEndian(bytes.AsSpan(length - 4)) is var split && (split < 0 || split > length - 4))
                return false;
            (store, log) = (new SliceStore(store, 0, split), new SliceStore(store, split, length - 4 - split));
        }

        if (random.Next(3) == 0)
            HiveCheck.Run(store);
        var hive = Hive.Load(store, log1: log);
        var keys = 0;
        Walk(hive.Root, ref keys);
        if (random.Next(2) == 0)
            Edit(hive, random);
        return true;
    }

    /// <summary>The sum of the header: exclusive or of its words, never 0 or all ones.</summary>
    public override void Repair(MutableInput input)
    {
        Seal(input, 0);
        if (withLog && input.Length > 1024 && BinaryPrimitives.ReadInt32LittleEndian(input.Bytes.AsSpan(input.Length - 4)) is var split && split > 0 && split < input.Length - 512)
            Seal(input, split);
    }

    private static void Seal(MutableInput input, int at)
    {
        if (at + 512 > input.Length)
            return;
        var sum = 0u;
        for (var i = 0; i < 508; i += 4)
            sum ^= BinaryPrimitives.ReadUInt32LittleEndian(input.Bytes.AsSpan(at + i));
        sum = sum switch { 0 => 1, uint.MaxValue => uint.MaxValue - 1, _ => sum };
        if (BinaryPrimitives.ReadUInt32LittleEndian(input.Bytes.AsSpan(at + 508)) != sum)
            BinaryPrimitives.WriteUInt32LittleEndian(input.Change(at + 508, 4), sum);
    }

    private static void Walk(HiveKey key, ref int keys)
    {
        if (++keys > MaxKeys)
            throw new BrokenPromiseException($"more than {MaxKeys} keys in so small a hive");
        try
        {
            _ = (key.ClassName, key.LastWritten, key.Path);
            foreach (var value in key.Values)
                _ = value.ToString();
            foreach (var sub in key.SubKeys)
                Walk(sub, ref keys);
        }
        catch (OsMigrateException)
        {
            // One bad key is no reason not to look at the next.
            return;
        }
    }

    private static void Edit(Hive hive, Random random)
    {
        for (var i = 0; i < 4; i++)
        {
            switch (random.Next(5))
            {
                case 0:
                    hive.Root.Create($@"ControlSet001\Services\new{random.Next(20)}").SetDword("Start", 0);
                    break;
                case 1:
                    hive.Root.SetBinary("big", new byte[random.Next(40_000)]);
                    break;
                case 2:
                    hive.Root.SubKeys.FirstOrDefault()?.Delete();
                    break;
                case 3:
                    hive.Root.SubKeys.LastOrDefault()?.SetString("text", new string('x', random.Next(500)));
                    break;
                default:
                    hive.Root.Find(@"ControlSet001\Services")?.DeleteSubKey("viostor");
                    break;
            }
        }

        // What was loaded may be damaged, and is refused then; what is written must load again.
        var written = hive.ToArray();
        Hive.Load(new MemoryStore(written));
    }

    private static void Hives(string folder)
    {
        var hive = Hive.Create(new HiveOptions { Timestamp = new DateTime(2026, 1, 1, 0, 0, 0, DateTimeKind.Utc) });
        for (var i = 0; i < 300; i++)
            hive.Root.Create($@"ControlSet001\Services\service{i}").SetDword("Start", (uint)i % 5);
        hive.Root.Create("Select").SetDword("Current", 1);
        hive.Root.Create(@"A\B\C\D").SetBinary("big", new byte[30_000]);
        hive.Root.Create("A").SetMultiString("list", "one", "two");
        File.WriteAllBytes(Path.Combine(folder, "own"), hive.ToArray());
        RealFiles.Copy(RealFiles.All(300 << 10).Where(static f => f.Contains("hive", StringComparison.OrdinalIgnoreCase) && !f.Contains("LOG", StringComparison.OrdinalIgnoreCase)), folder, 6);
    }

    private static void Pairs(string folder)
    {
        foreach (var log in RealFiles.All(300 << 10, ".LOG1"))
        {
            var hive = log[..^5];
            if (!File.Exists(hive) || new FileInfo(hive).Length is 0 or > 600 << 10)
                continue;
            byte[] bytes = File.ReadAllBytes(hive);
            var length = new byte[4];
            BinaryPrimitives.WriteInt32LittleEndian(length, bytes.Length);
            File.WriteAllBytes(Path.Combine(folder, Path.GetFileName(hive)), [.. bytes, .. File.ReadAllBytes(log), .. length]);
        }

        // Without real ones: a hive that needs nothing, with an empty log.
        var own = Hive.Create();
        own.Root.Create("Key").SetDword("x", 1);
        var plain = own.ToArray();
        var at = new byte[4];
        BinaryPrimitives.WriteInt32LittleEndian(at, plain.Length);
        File.WriteAllBytes(Path.Combine(folder, "own"), [.. plain, .. new byte[1024], .. at]);
    }
}
