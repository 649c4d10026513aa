using System.Buffers.Binary;
using OsMigrate.Bytes;
using OsMigrate.Disks;
using OsMigrate.Disks.Qcow2;
using OsMigrate.Tests.Support;

namespace OsMigrate.Tests.Disks.Qcow2;

public class Qcow2CheckTests
{
    private const int Cluster = Qcow2Builder.ClusterSize;

    [Fact]
    public void A_sound_image_has_no_findings()
        => Assert.Empty(Check(Sound().Build()));

    [Fact]
    public void Each_kind_of_damage_is_found_for_what_it_is()
    {
        Expect(FindingSeverity.Corruption, "reference count 0, but is used 1 times", b => b.Count(6, 0));
        Expect(FindingSeverity.Leak, "reference count 2, but is used 1 times", b => b.Count(6, 2));
        Expect(FindingSeverity.Corruption, "says it is shared", b => b.Entry(1, 5UL * Cluster));
        Expect(FindingSeverity.Corruption, "says that it may be written in place", b => b.Entry(2, (3UL << 62) | (6 * Cluster)));
        Expect(FindingSeverity.Corruption, "past the end of the file", b => b.Entry(9, (1UL << 63) | (1UL << 40)));
        Expect(FindingSeverity.Corruption, "reserved bits", b => b.Entry(9, 1UL << 60));
        Expect(FindingSeverity.Corruption, "share this cluster", b => b.Entry(9, (1UL << 63) | (1 * Cluster)));
        Expect(FindingSeverity.Corruption, "share this cluster", b => b.U64(Cluster, (1UL << 63) | (4 * Cluster)));
        Expect(FindingSeverity.Corruption, "block 1 of reference counts", b => b.U64((3 * Cluster) + 8, 1UL << 40));
        Expect(FindingSeverity.Corruption, "virtual size", b => b.U64(24, ulong.MaxValue - 600));
        Expect(FindingSeverity.Warning, "not closed properly", b => b.U64(72, 1));
    }

    [SkippableTheory]
    [InlineData("compat=0.10", false)]
    [InlineData("cluster_size=512", true)]
    [InlineData("cluster_size=2M", true)]
    [InlineData("compression_type=zstd", true)]
    [InlineData("extended_l2=on", false)]
    [InlineData("refcount_bits=1", false)]
    [InlineData("refcount_bits=2", false)]
    [InlineData("refcount_bits=4", true)]
    [InlineData("refcount_bits=8", false)]
    [InlineData("refcount_bits=32", false)]
    [InlineData("refcount_bits=64", false)]
    [InlineData("preallocation=metadata", false)]
    public void Sound_images_of_every_kind_have_no_findings(string options, bool compress)
    {
        Tool.Require(QemuImg.Program);
        using var folder = new TempFolder();
        var raw = TestDisk.Scattered(24L << 20, seed: 3).SaveRaw(folder.File("a.raw"));
        string[] flags = compress ? ["-c"] : [];
        Tool.Check(QemuImg.Program, ["convert", "-f", "raw", "-O", "qcow2", .. flags, "-o", options, raw, folder.File("a.qcow2")]);
        Assert.Empty(Check(File.ReadAllBytes(folder.File("a.qcow2"))));
    }

    [SkippableFact]
    public void Snapshots_bitmaps_and_shared_clusters_are_counted()
    {
        Tool.Require(QemuImg.Program);
        Tool.Require("qemu-io");
        using var folder = new TempFolder();
        var image = MakeRich(folder);
        Tool.Check(QemuImg.Program, "bitmap", "--add", image, "b0");
        Tool.Check("qemu-io", "-f", "qcow2", "-c", "write -P 8 100000 200000", image);
        Assert.Empty(Check(File.ReadAllBytes(image)));
    }

    [SkippableFact]
    public void Real_files_are_as_sound_as_qemu_img_finds_them()
    {
        Tool.Require(QemuImg.Program);
        foreach (var file in SharedData.Files("qcow2", ".qcow2"))
            Assert.Equal(Theirs(file), Verdict(Check(File.ReadAllBytes(file))));
    }

    /// <summary>Where QEMU sees corruption we do too; where we see more, it is one of the faults that QEMU passes over.</summary>
    [SkippableFact]
    public void Verdicts_on_damaged_images_are_those_of_qemu_img_or_stricter()
    {
        Tool.Require(QemuImg.Program);
        Tool.Require("qemu-io");
        using var folder = new TempFolder();
        var whole = File.ReadAllBytes(MakeRich(folder));
        var random = new Random(7);
        var (alike, damaged) = (0, 0);
        for (var i = 0; i < 120; i++)
        {
            var file = (byte[])whole.Clone();
            for (var flips = random.Next(1, 3); flips > 0; flips--)
            {
                var at = Pick(whole, random);
                file[at] ^= (byte)(1 << random.Next(8));
            }

            var path = folder.File("b.qcow2");
            File.WriteAllBytes(path, file);
            var findings = Check(file);
            var (theirs, ours) = (Theirs(path), Verdict(findings));
            alike += theirs == ours ? 1 : 0;
            damaged += theirs == 2 ? 1 : 0;
            if (theirs == ours)
                continue;
            Assert.True(ours == 2 && theirs != 2, $"input {i}: qemu-img check says {theirs}, we say {ours}: {string.Join("; ", findings.Take(3))} | {Tool.Run(QemuImg.Program, "check", "-f", "qcow2", path).Output}");
        }

        Assert.InRange(damaged, 20, 119);
        Assert.InRange(alike, 100, 120);
    }

    /// <summary>A byte of the header, the L1 table, the L2 tables or the reference counts that is in use.</summary>
    private static int Pick(byte[] file, Random random)
    {
        long At(long place) => (long)(BinaryPrimitives.ReadUInt64BigEndian(file.AsSpan((int)place)) & Qcow2Layout.OffsetMask);
        var (l1, counts) = (At(40), At(48));
        while (true)
        {
            var kind = random.Next(10);
            if (kind == 0)
                return random.Next(24, 104);
            var entry = l1 + (random.Next(4) * 8);
            var table = kind switch { 1 => l1, 2 => counts, < 5 => At(counts), _ => At(entry) };
            var at = (int)Math.Min(table + random.Next(4096), file.Length - 1);
            if (table > 0 && BinaryPrimitives.ReadUInt64BigEndian(file.AsSpan(Math.Min(at & ~7, file.Length - 8))) != 0)
                return at;
        }
    }

    private static string MakeRich(TempFolder folder)
    {
        var raw = TestDisk.Scattered(8L << 20, seed: 3, runs: 12, maxRun: 100_000).SaveRaw(folder.File("a.raw"));
        var image = folder.File("a.qcow2");
        Tool.Check(QemuImg.Program, "convert", "-f", "raw", "-O", "qcow2", "-c", "-o", "cluster_size=4k", raw, image);
        Tool.Check("qemu-io", "-f", "qcow2", "-c", "write -P 9 900000 200000", "-c", "write -z 3M 100k", image);
        Tool.Check(QemuImg.Program, "snapshot", "-c", "one", image);
        Tool.Check("qemu-io", "-f", "qcow2", "-c", "write -P 7 1000000 50000", image);
        return image;
    }

    /// <summary>2 corrupt, 3 leaks only, 0 sound; 1, refused at once, counts as corrupt.</summary>
    private static int Theirs(string path)
        => Tool.Run(QemuImg.Program, "check", "-f", "qcow2", path).ExitCode is var code && code == 1 ? 2 : code;

    private static int Verdict(IReadOnlyList<ImageFinding> findings)
        => findings.Any(f => f.Severity == FindingSeverity.Corruption) ? 2 : findings.Any(f => f.Severity == FindingSeverity.Leak) ? 3 : 0;

    private static void Expect(FindingSeverity severity, string reason, Action<Qcow2Builder> damage)
    {
        var builder = Sound();
        damage(builder);
        var findings = Check(builder.Build());
        Assert.True(findings.Any(f => f.Severity == severity && f.Reason.Contains(reason, StringComparison.Ordinal)), $"'{reason}' is not among: {string.Join("; ", findings)}");
    }

    private static Qcow2Builder Sound() => new Qcow2Builder().Plain(1, 7).Deflated(2, 9).Plain(4, 5).Entry(5, 1);

    private static List<ImageFinding> Check(byte[] file)
        => Qcow2Format.Instance.Check(new MemoryStore(file, "test.qcow2"), Siblings.None, CancellationToken.None).ToList();
}
