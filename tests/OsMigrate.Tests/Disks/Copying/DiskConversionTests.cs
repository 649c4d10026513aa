using System.Security.Cryptography;
using OsMigrate.Bytes;
using OsMigrate.Disks;
using OsMigrate.Disks.Copying;
using OsMigrate.Disks.Raw;
using OsMigrate.Tests.Support;

namespace OsMigrate.Tests.Disks.Copying;

public class DiskConversionTests
{
    [Fact]
    public void A_raw_copy_is_equal_sparse_and_verified()
    {
        using var folder = new TempFolder();
        var disk = TestDisk.Scattered(400_000_123, seed: 11, runs: 8);
        var source = disk.SaveRaw(folder.File("a.raw"));
        using var image = DiskFormats.OpenFile(source);

        var result = DiskConversion.Run(image, folder.File("b.raw"), RawFormat.Instance, new EncodeOptions { Checksums = ChecksumKinds.Default | ChecksumKinds.RawSha256 }, overwrite: false);

        Assert.Equal(Sums.Sha256(source), Sums.Sha256(folder.File("b.raw")));
        Assert.Equal(Sums.Sha256(source), result.RawSha256);
        Assert.Equal(Sums.Sha256(source), result.Sha256);
        if (OperatingSystem.IsLinux())
            Assert.InRange(AllocatedBytes(folder.File("b.raw")), 1, 20_000_000);
    }

    [Fact]
    public void The_content_digest_is_what_its_definition_says()
    {
        var disk = new TestDisk(200_000);
        disk.Put(70_000, [1, 2, 3]);
        disk.Put(199_999, [9]);
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        // 200,000 bytes count as 391 sectors: 200,192 bytes.
        var whole = new byte[200_192];
        disk.Read(0, whole.AsSpan(0, 200_000));
        foreach (var block in new long[] { 1, 3 })
        {
            hash.AppendData(BitConverter.GetBytes(block));
            hash.AppendData(SHA256.HashData(whole.AsSpan((int)block * 65536, Math.Min(65536, whole.Length - ((int)block * 65536)))));
        }

        hash.AppendData(BitConverter.GetBytes(200_192L));
        using var folder = new TempFolder();
        var result = DiskConversion.Run(disk, folder.File("a.raw"), RawFormat.Instance, new EncodeOptions(), overwrite: false);
        Assert.Equal(Convert.ToHexStringLower(hash.GetHashAndReset()), result.Encoded.ContentDigest);
    }

    [Fact]
    public void Comparing_finds_the_first_difference_and_skips_common_holes()
    {
        var a = TestDisk.Scattered(3L << 30, seed: 4);
        var b = TestDisk.Scattered(3L << 30, seed: 4);
        Assert.True(DiskComparison.Run(a, b, null, CancellationToken.None).Identical);
        Assert.InRange(a.BytesRead, 1, 200_000_000);
        b.Put(2_000_000_001, [77]);
        var result = DiskComparison.Run(a, b, null, CancellationToken.None);
        Assert.False(result.Identical);
        Assert.Equal(2_000_000_001, result.FirstDifferenceOffset);
    }

    [Fact]
    public void Disks_of_different_size_are_not_identical_even_when_the_rest_is_zero()
    {
        var result = DiskComparison.Run(new TestDisk(1 << 20), new TestDisk(2 << 20), null, CancellationToken.None);
        Assert.False(result.Identical);
        Assert.False(result.ContentDiffers);
        Assert.Equal(1 << 20, result.FirstDifferenceOffset);
    }

    [SkippableFact]
    public void Holes_of_a_sparse_file_are_known_where_the_system_tells()
    {
        using var folder = new TempFolder();
        var disk = new TestDisk(1L << 40);
        disk.Put(700L << 30, [1]);
        using var image = DiskFormats.OpenFile(disk.SaveRaw(folder.File("a.raw")));
        var chunks = SourceScan.DataChunks(image, 1 << 20).ToList();
        Skip.If(chunks.Count > 10, "this file system does not report holes");
        Assert.Equal([700L << 30], chunks);
    }

    private static long AllocatedBytes(string path)
        => long.Parse(Tool.Check("stat", "-c", "%b", path).Trim(), System.Globalization.CultureInfo.InvariantCulture) * 512;
}
