namespace OsMigrate.Registry;

/// <summary>Completes a dirty hive in memory from its logs, as Windows does at loading.</summary>
/// <remarks>Suhanov, "Dirty state of a hive": until Windows 8 one log with a vector of dirty sectors, since 8.1 two logs with numbered entries.</remarks>
internal static class HiveLogs
{
    private const int OldLog = 1;
    private const int OldLogVista = 2;
    private const int NewLog = 6;
    private const int HeaderLength = 512;

    /// <param name="headerIsRight">False when the primary file's header must come from a log.</param>
    /// <returns>False when no log fits; the image is unchanged then.</returns>
    public static bool Replay(HiveImage image, bool headerIsRight, byte[] log1, byte[] log2)
    {
        var logs = new List<byte[]>();
        foreach (var log in new[] { log1, log2 })
        {
            if (IsSound(log))
                logs.Add(log);
        }

        logs.Sort((a, b) => ((uint)BaseBlock.Get(a, BaseBlock.PrimarySequence)).CompareTo((uint)BaseBlock.Get(b, BaseBlock.PrimarySequence)));
        var entries = NewLogEntries.Contiguous(logs.Where(log => BaseBlock.Get(log, BaseBlock.FileType) == NewLog), headerIsRight ? BaseBlock.Get(image.Header, BaseBlock.SecondarySequence) : null);
        if (entries.Count > 0)
        {
            if (!headerIsRight)
                TakeHeader(image, logs.First(log => BaseBlock.Get(log, BaseBlock.FileType) == NewLog));
            NewLogEntries.Apply(image, entries);
            Complete(image, unchecked(entries[entries.Count - 1].Sequence + 1));
            return true;
        }

        foreach (var log in logs.Where(log => BaseBlock.Get(log, BaseBlock.FileType) is OldLog or OldLogVista))
        {
            if (headerIsRight && BaseBlock.GetTimestamp(log) != BaseBlock.GetTimestamp(image.Header))
                continue;
            if (!OldLogSectors.Apply(image, log))
                continue;
            TakeHeader(image, log);
            Complete(image, BaseBlock.Get(log, BaseBlock.PrimarySequence));
            return true;
        }

        return false;
    }

    private static bool IsSound(byte[] log)
        => log.Length >= HeaderLength && BaseBlock.HasSignature(log) && BaseBlock.HasRightSum(log) && BaseBlock.IsComplete(log);

    private static void TakeHeader(HiveImage image, byte[] log)
    {
        image.Overwrite(0, log.AsSpan(0, HeaderLength));
        BaseBlock.Put(image.Header, BaseBlock.FileType, 0);
    }

    private static void Complete(HiveImage image, int sequence)
    {
        BaseBlock.Put(image.Header, BaseBlock.PrimarySequence, sequence);
        BaseBlock.Put(image.Header, BaseBlock.SecondarySequence, sequence);
        BaseBlock.Put(image.Header, BaseBlock.Checksum, unchecked((int)BaseBlock.Sum(image.Header)));
    }
}
