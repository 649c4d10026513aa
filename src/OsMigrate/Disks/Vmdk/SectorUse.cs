namespace OsMigrate.Disks.Vmdk;

/// <summary>Which sectors of a file are spoken for: one bit each, up to a file of 256 GiB.</summary>
internal sealed class SectorUse
{
    private const long MaxSectors = (256L << 30) / VmdkFormat.SectorSize;

    private readonly ulong[] _used;
    private readonly long _sectors;

    private SectorUse(long sectors) => (_sectors, _used) = (sectors, new ulong[(sectors + 63) / 64]);

    /// <summary>Null for a file whose bits would take more than 64 MiB.</summary>
    public static SectorUse? For(long fileBytes)
    {
        var sectors = (fileBytes + VmdkFormat.SectorSize - 1) / VmdkFormat.SectorSize;
        return sectors > MaxSectors ? null : new SectorUse(sectors);
    }

    /// <summary>Marks a run of bytes.</summary>
    /// <returns>False when some of it was marked before.</returns>
    public bool Take(long offset, long bytes)
    {
        var free = true;
        var last = Math.Min(_sectors - 1, (offset + bytes - 1) / VmdkFormat.SectorSize);
        for (var sector = offset / VmdkFormat.SectorSize; sector <= last; sector++)
        {
            var bit = 1UL << (int)(sector & 63);
            free &= (_used[sector >> 6] & bit) == 0;
            _used[sector >> 6] |= bit;
        }

        return free;
    }

    /// <summary>Sectors that nobody took.</summary>
    public long CountUnused()
    {
        long count = 0;
        for (long sector = 0; sector < _sectors; sector++)
        {
            if ((_used[sector >> 6] & (1UL << (int)(sector & 63))) == 0)
                count++;
        }

        return count;
    }
}
