using System.Globalization;
using OsMigrate.Bytes;
using OsMigrate.Disks.Copying;
using OsMigrate.Disks.Raw;

namespace OsMigrate.Disks.Vhd;

/// <summary>Writes a fixed or dynamic VHD.</summary>
/// <remarks>
/// The geometry is always the largest there is: programs that go by geometry (QEMU for creators it does not know) take that as "go by the
/// size field", so all of them see the same size. A disk that does not end on a sector is filled up with zeros to one.
/// </remarks>
internal static class VhdEncoder
{
    private static readonly DateTime Epoch = new(2000, 1, 1, 0, 0, 0, DateTimeKind.Utc);

    public static EncodeResult Encode(DiskImage source, Sink target, EncodeOptions options)
    {
        if (options.Compression is not (Compression.AsIs or Compression.None))
            throw new OsMigrateException(ErrorIds.BadRequest, ErrorKind.InvalidArgument, "A VHD cannot be compressed.");
        if (options.Subformat is not (null or "dynamic" or "fixed"))
            throw new OsMigrateException(ErrorIds.BadRequest, ErrorKind.InvalidArgument, $"VHD is written as dynamic or fixed, not as '{options.Subformat}'.");
        var size = (source.Length + 511) / 512 * 512;
        if (size > VhdFooter.MaxDiskSize)
            throw new OsMigrateException(ErrorIds.TooLarge, ErrorKind.InvalidArgument, $"'{source.Name}' has {ByteSize.Text(size)}; a VHD holds at most 2040 GiB.", source.Name);
        return options.Subformat == "fixed"
            ? EncodeFixed(source, size, target, options)
            : new VhdDynamicWriter(source, size, target, options).Write();
    }

    public static byte[] FooterBytes(VhdType type, long size)
    {
        var bytes = new byte[VhdFooter.Size];
        new VhdFooter
        {
            DataOffset = type == VhdType.Fixed ? ulong.MaxValue : VhdFooter.Size,
            TimeStamp = (uint)(DateTime.UtcNow - Epoch).TotalSeconds,
            CreatorApplication = "osmg",
            OriginalSize = (ulong)size,
            CurrentSize = (ulong)size,
            Cylinders = 65535,
            Heads = 16,
            SectorsPerTrack = 255,
            Type = type,
            UniqueId = Guid.NewGuid().ToString("n", CultureInfo.InvariantCulture),
        }.WriteTo(bytes);
        return bytes;
    }

    private static EncodeResult EncodeFixed(DiskImage source, long size, Sink target, EncodeOptions options)
    {
        var result = RawEncoder.Encode(source, target, options);
        target.AppendZeros(size - source.Length);
        target.Append(FooterBytes(VhdType.Fixed, size));
        return result with { FileSizeBytes = target.Position, VirtualSizeBytes = size };
    }
}
