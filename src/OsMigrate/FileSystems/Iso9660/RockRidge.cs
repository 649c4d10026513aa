using System.Buffers.Binary;
using System.Text;
using OsMigrate.Bytes;

namespace OsMigrate.FileSystems.Iso9660;

/// <summary>What the Rock Ridge entries of one directory record say. IEEE P1282 (RRIP 1.12) on top of P1281 (SUSP 1.12).</summary>
internal sealed class RockRidge
{
    // A record's entries may go on elsewhere, and from there again; real images need one hop.
    private const int MaxContinuations = 16;
    private const int MaxContinuationBytes = 64 << 10;
    private const int MaxNameBytes = 4096;

    private readonly List<byte> _name = [];

    /// <summary>The name in full; null where the entries give none.</summary>
    public string? Name => _name.Count == 0 ? null : Encoding.UTF8.GetString(_name.ToArray());

    /// <summary>NM with the flags for "." or "..": no name of a file.</summary>
    public bool IsDotName { get; private set; }

    public bool IsLink { get; private set; }

    /// <summary>The placeholder of a folder that lies deeper than eight levels: the block where it really is (CL).</summary>
    public long? MovedToBlock { get; private set; }

    /// <summary>This folder is shown elsewhere (RE): not to be listed here.</summary>
    public bool IsMovedHere { get; private set; }

    /// <summary>Content is compressed by zisofs (ZF).</summary>
    public bool IsCompressed { get; private set; }

    public DateTime? CreatedUtc { get; private set; }

    public DateTime? ModifiedUtc { get; private set; }

    public DateTime? AccessedUtc { get; private set; }

    /// <summary>Bytes to skip at the start of every system use area, when the volume's root record announces the protocol (SP); null when it does not.</summary>
    public static int? Announced(ReadOnlySpan<byte> rootSystemUse)
    {
        // The root's own entry has nothing to skip; CD-ROM XA puts 14 bytes in front.
        foreach (var at in new[] { 0, 14 })
        {
            if (rootSystemUse.Length >= at + 7 && rootSystemUse[at] == 'S' && rootSystemUse[at + 1] == 'P' && rootSystemUse[at + 4] == 0xBE && rootSystemUse[at + 5] == 0xEF)
                return rootSystemUse[at + 6];
        }

        return null;
    }

    /// <exception cref="InvalidImageException">A continuation lies outside the volume.</exception>
    public static RockRidge Read(ReadOnlySpan<byte> systemUse, ByteStore volume, int blockSize)
    {
        var entries = new RockRidge();
        for (var hops = 0; ; hops++)
        {
            var next = entries.ReadArea(systemUse);
            if (next is not { } area || hops == MaxContinuations || area.Length is <= 0 or > MaxContinuationBytes)
                return entries;
            systemUse = volume.ReadBytes((area.Block * blockSize) + area.Offset, (int)area.Length);
        }
    }

    private (long Block, long Offset, long Length)? ReadArea(ReadOnlySpan<byte> area)
    {
        (long, long, long)? next = null;
        while (area.Length >= 4)
        {
            int size = area[2];
            if (size < 4 || size > area.Length)
                break;
            var entry = area.Slice(0, size);
            switch ((char)entry[0], (char)entry[1])
            {
                case ('N', 'M') when size >= 5:
                    AddName(entry);
                    break;
                case ('S', 'L'):
                    IsLink = true;
                    break;
                case ('C', 'L') when size >= 12:
                    MovedToBlock = BinaryPrimitives.ReadUInt32LittleEndian(entry.Slice(4));
                    break;
                case ('R', 'E'):
                    IsMovedHere = true;
                    break;
                case ('Z', 'F'):
                    IsCompressed = true;
                    break;
                case ('T', 'F') when size >= 5:
                    SetTimes(entry);
                    break;
                case ('C', 'E') when size >= 28:
                    next = (U32(entry, 4), U32(entry, 12), U32(entry, 20));
                    break;
                case ('S', 'T'):
                    return next;
            }

            area = area.Slice(size);
        }

        return next;
    }

    private static long U32(ReadOnlySpan<byte> entry, int at) => BinaryPrimitives.ReadUInt32LittleEndian(entry.Slice(at));

    /// <summary>RRIP 4.1.4: flag 1 says that the name goes on in the next NM.</summary>
    private void AddName(ReadOnlySpan<byte> entry)
    {
        if ((entry[4] & 0x06) != 0)
            IsDotName = true;
        else if (_name.Count + entry.Length < MaxNameBytes)
            _name.AddRange(entry.Slice(5).ToArray());
    }

    /// <summary>RRIP 4.1.6: a flag for each time that is there, in this order: creation, modification, access, and four more.</summary>
    private void SetTimes(ReadOnlySpan<byte> entry)
    {
        var flags = entry[4];
        var isLong = (flags & 0x80) != 0;
        var width = isLong ? 17 : 7;
        var at = 5;
        for (var bit = 0; bit < 3; bit++)
        {
            if ((flags & (1 << bit)) == 0 || at + width > entry.Length)
                continue;
            var time = isLong ? IsoTimes.Long(entry.Slice(at, width)) : IsoTimes.Short(entry.Slice(at, width));
            at += width;
            if (bit == 0)
                CreatedUtc = time;
            else if (bit == 1)
                ModifiedUtc = time;
            else
                AccessedUtc = time;
        }
    }
}
