namespace OsMigrate.Disks.Copying;

/// <summary>How far a copy is. Bytes are bytes of content: holes count as done when they are passed.</summary>
/// <param name="BytesDone">Content bytes passed so far.</param>
/// <param name="BytesTotal">The disk's virtual size.</param>
/// <param name="BytesPerSecond">Average over the copy so far, of data actually moved.</param>
/// <param name="TimeLeft">Estimate; null until there is enough to estimate from.</param>
public readonly record struct CopyProgress(long BytesDone, long BytesTotal, double BytesPerSecond, TimeSpan? TimeLeft);
