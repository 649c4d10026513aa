using System.Buffers.Binary;
using OsMigrate.Tests.Support;

namespace OsMigrate.Tests.Disks.Vmdk;

/// <summary>The sparse extents that only ESXi writes, made by hand after their specifications; qemu-img reads them too and is the judge.</summary>
public sealed class EsxDeltaTests : IDisposable
{
    private const int Sector = 512;

    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [SkippableFact]
    public void A_COWD_delta_reads_as_qemu_img_reads_it()
    {
        // 4096 sectors a table; the middle table is missing and the last one covers the disk's odd end.
        const int Capacity = (4096 * 3) + 128;
        const int Directory = 4, FirstTable = 5, FirstGrain = FirstTable + (2 * 32);
        var image = new byte[(FirstGrain + 5) * Sector];
        "COWD"u8.CopyTo(image);
        uint[] header = [1, 3, Capacity, 1, Directory, 4, 0, 1, 16, 63];
        for (var i = 0; i < header.Length; i++)
            Put32(image, 4 + (i * 4), header[i]);
        Put32(image, Directory * Sector, FirstTable);
        Put32(image, (Directory * Sector) + 8, FirstTable + 32);
        var grain = (uint)FirstGrain;
        foreach (var (table, entry) in new[] { (0, 5), (0, 6), (0, 4095), (1, 0), (1, 100) })
        {
            Put32(image, ((FirstTable + (table * 32)) * Sector) + (entry * 4), grain);
            new Random((int)grain).NextBytes(image.AsSpan((int)grain++ * Sector, Sector));
        }

        QemuImg.AssertSame(Save(image, "vmfsSparse", "VMFSSPARSE", Capacity));
    }

    [SkippableFact]
    public void A_seSparse_delta_reads_as_qemu_img_reads_it()
    {
        const int Capacity = (8 * 4096 * 2) + 64;
        const int Directory = 8, Tables = 16, Grains = 256, TableSectors = 64;
        var image = new byte[(Grains + (8 * 8)) * Sector];
        ulong[] header = [0xCAFEBABE, 0x0000000200000001, Capacity, 8, TableSectors, 0, 0, 0, 0, 0, 1, 1, 2, 1, 3, 1, Directory, 1, Tables, TableSectors * 2, 200, 8, 208, 8, Grains, 64];
        for (var i = 0; i < header.Length; i++)
            Put64(image, i * 8, header[i]);
        Put64(image, Sector, 0xCAFECAFE);
        Put64(image, Directory * Sector, 0x1000000000000000);
        Put64(image, (Directory * Sector) + 16, 0x1000000000000001);
        const int First = Tables * Sector, Second = (Tables + TableSectors) * Sector;
        // Two are stored far apart from their order; one is zeroed and one unmapped, which both read as zeros.
        foreach (var (table, entry, value) in new (int, int, ulong)[]
        {
            (First, 5, Stored(0)), (First, 6, Stored(3)), (First, 7, 0x2000000000000000), (First, 8, 0x1000000000000000), (First, 4095, Stored(1)), (Second, 0, Stored(2)), (Second, 7, Stored(4)),
        })
        {
            Put64(image, table + (entry * 8), value);
        }

        new Random(4).NextBytes(image.AsSpan(Grains * Sector));
        QemuImg.AssertSame(Save(image, "seSparse", "SESPARSE", Capacity));
    }

    /// <summary>A grain's number lies in the entry in two parts, the low twelve bits above.</summary>
    private static ulong Stored(ulong grain) => 0x3000000000000000 | ((grain & 0xFFF) << 48) | (grain >> 12);

    private string Save(byte[] image, string type, string extent, int capacity)
    {
        File.WriteAllBytes(_folder.File("disk-000001-x.vmdk"), image);
        var path = _folder.File("disk-000001.vmdk");
        File.WriteAllText(path, $"""
            # Disk DescriptorFile
            version=1
            CID=12345678
            parentCID=ffffffff
            createType="{type}"
            RW {capacity} {extent} "disk-000001-x.vmdk"
            ddb.adapterType = "lsilogic"

            """);
        return path;
    }

    private static void Put32(byte[] image, int offset, uint value) => BinaryPrimitives.WriteUInt32LittleEndian(image.AsSpan(offset), value);

    private static void Put64(byte[] image, int offset, ulong value) => BinaryPrimitives.WriteUInt64LittleEndian(image.AsSpan(offset), value);
}
