namespace OsMigrate.Registry;

/// <summary>The log until Windows 8: a bit for each sector of the hive bins, then the sectors whose bit is set.</summary>
internal static class OldLogSectors
{
    private const int Sector = 512;
    private const uint Signature = 0x54524944;

    /// <returns>False when the log is cut off or names sectors outside the hive; nothing is changed then.</returns>
    public static bool Apply(HiveImage image, byte[] log)
    {
        var length = BaseBlock.Get(log, BaseBlock.DataLength);
        var factor = BaseBlock.Get(log, BaseBlock.ClusterFactor);
        if (length <= 0 || length % HiveFormat.BinUnit != 0 || factor is < 1 or > 8 || log.Length < (Sector * factor) + 4)
            return false;
        var vector = Sector * factor;
        var bits = length / Sector;
        if ((uint)BaseBlock.Get(log, vector) != Signature || log.Length < vector + 4 + (bits / 8))
            return false;
        var data = (vector + 4 + (bits / 8) + (Sector * factor) - 1) / (Sector * factor) * (Sector * factor);
        var dirty = new List<int>();
        for (var i = 0; i < bits; i++)
        {
            if ((log[vector + 4 + (i / 8)] & (1 << (i % 8))) != 0)
                dirty.Add(i * Sector);
        }

        if (data + ((long)dirty.Count * Sector) > log.Length || length > (long)image.Length + log.Length)
            return false;
        image.Resize(length);
        foreach (var position in dirty)
        {
            image.Overwrite(HiveFormat.BaseBlockLength + position, log.AsSpan(data, Sector));
            data += Sector;
        }

        return true;
    }
}
