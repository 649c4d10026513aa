using System.Buffers.Binary;
using OsMigrate.Bytes;
using OsMigrate.FileSystems.Fat;

namespace OsMigrate.FileSystems.ExFat;

/// <summary>A file or folder of an exFAT volume.</summary>
internal sealed class ExFatEntry(ExFatVolume volume, ExFatNamed named) : FileEntry
{
    public override string Name => named.Name;

    public override bool IsFolder => named.IsFolder;

    public override long SizeBytes => named.IsFolder ? 0 : named.Stream.SizeBytes;

    public override DateTime? CreatedTime => Time(8, 22);

    public override DateTime? ModifiedTime => Time(12, 23);

    public override DateTime? AccessedTime => Time(16, 24);

    public override ByteStore OpenContent() => named.IsFolder
        ? throw new OsMigrateException(ErrorIds.BadRequest, ErrorKind.InvalidArgument, $"'{Name}' is a folder; it has no content.", Name)
        : volume.Content(named.Stream, named.Name);

    public override IEnumerable<FileEntry> Children()
    {
        if (!named.IsFolder || (named.Place >= 0 && named.Stream.SizeBytes == 0))
            return [];
        volume.Claims.Claim(named.Stream.FirstCluster, named.Place);
        return ExFatFolder.Named(volume, named).Select(child => new ExFatEntry(volume, child));
    }

    /// <summary>Section 7.4.8: time and date as in FAT; the offset from UTC in quarters of an hour counts when its top bit is set.</summary>
    private DateTime? Time(int at, int zoneAt)
    {
        if (named.Times.Length == 0)
            return null;
        var value = BinaryPrimitives.ReadUInt32LittleEndian(named.Times.AsSpan(at));
        var time = FatTimes.Read((int)(value >> 16), (int)(value & 0xFFFF));
        var zone = named.Times[zoneAt];
        return time is { } local && (zone & 0x80) != 0
            ? DateTime.SpecifyKind(local.AddMinutes(-15 * ((sbyte)(zone << 1) >> 1)), DateTimeKind.Utc)
            : time;
    }
}
