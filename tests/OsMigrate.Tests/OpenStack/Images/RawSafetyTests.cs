using System.Text;
using OsMigrate.OpenStack.Images;

namespace OsMigrate.Tests.OpenStack.Images;

/// <summary>The verdicts are those that oslo.utils' inspector gave for made disks of these kinds.</summary>
public class RawSafetyTests
{
    [Fact]
    public void Disks_without_a_boot_signature_pass()
    {
        Assert.Null(RawSafety.Problem(new byte[512]));
        Assert.Null(RawSafety.Problem(new byte[100]));
    }

    [Fact]
    public void A_partition_table_with_an_active_NTFS_partition_passes()
        => Assert.Null(RawSafety.Problem(Table((0x80, 7, 2048))));

    [Fact]
    public void A_protective_table_passes_when_it_begins_where_the_standard_says()
    {
        var sector = Table((0, 0xEE, 1));
        sector[446 + 2] = 2;
        Assert.Null(RawSafety.Problem(sector));
        sector[446 + 2] = 1;
        Assert.Contains("cylinder", RawSafety.Problem(sector), StringComparison.Ordinal);
    }

    [Fact]
    public void An_initialised_disk_without_partitions_is_refused()
        => Assert.Contains("without partitions", RawSafety.Problem(Table()), StringComparison.Ordinal);

    [Fact]
    public void A_hybrid_table_is_refused()
    {
        var sector = Table((0, 0xEE, 1), (0, 7, 2048));
        sector[446 + 2] = 2;
        Assert.Contains("hybrid", RawSafety.Problem(sector), StringComparison.Ordinal);
    }

    [Fact]
    public void Boot_code_where_the_table_would_be_is_refused()
        => Assert.Contains("boot flag 0x42", RawSafety.Problem(Table((0x42, 7, 1))), StringComparison.Ordinal);

    [Fact]
    public void A_FAT_volume_without_table_passes()
    {
        var sector = Table((0x42, 7, 1));
        (sector[0x10], sector[0x15]) = (2, 0xF8);
        Assert.Null(RawSafety.Problem(sector));
    }

    [Theory]
    [InlineData(1, null)]
    [InlineData(2, "LUKS")]
    public void Of_LUKS_only_version_1_passes(byte version, string? problem)
    {
        var sector = new byte[512];
        Encoding.Latin1.GetBytes("LUKS\u00ba\u00be").CopyTo(sector, 0);
        sector[7] = version;
        if (problem is null)
            Assert.Null(RawSafety.Problem(sector));
        else
            Assert.Contains(problem, RawSafety.Problem(sector), StringComparison.Ordinal);
    }

    [Fact]
    public void A_disk_that_begins_like_a_QCOW2_is_refused()
        => Assert.Contains("QCOW2", RawSafety.Problem([0x51, 0x46, 0x49, 0xFB, .. new byte[508]]), StringComparison.Ordinal);

    private static byte[] Table(params (byte Flag, byte Type, int Start)[] entries)
    {
        var sector = new byte[512];
        (sector[510], sector[511]) = (0x55, 0xAA);
        for (var i = 0; i < entries.Length; i++)
        {
            var at = 446 + (i * 16);
            (sector[at], sector[at + 4]) = (entries[i].Flag, entries[i].Type);
            BitConverter.TryWriteBytes(sector.AsSpan(at + 8), entries[i].Start);
        }

        return sector;
    }
}
