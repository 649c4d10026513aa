using OsMigrate.Bytes;

namespace OsMigrate.Disks.Copying;

/// <summary>Cuts a disk into chunks on a fixed grid and leaves out those that are known to be all zero. Time follows the data.</summary>
public static class SourceScan
{
    /// <summary>Offsets of the chunks that may hold data, ascending, each once.</summary>
    /// <param name="chunkSize">Bytes per chunk; chunks start at multiples of it.</param>
    public static IEnumerable<long> DataChunks(ByteStore source, long chunkSize)
    {
        long offset = 0, next = 0;
        while (offset < source.Length)
        {
            var extent = source.NextExtent(offset);
            if (extent.Kind == ExtentKind.Data)
            {
                for (var chunk = Math.Max(next, offset / chunkSize * chunkSize); chunk < extent.End; chunk += chunkSize)
                {
                    yield return chunk;
                    next = chunk + chunkSize;
                }

                // The rest of a chunk that is taken anyway needs no further look.
                offset = Math.Max(extent.End, next);
            }
            else
            {
                offset = extent.End;
            }
        }
    }

    /// <summary>Reads a chunk; runs that are known to be zero are cleared and not read.</summary>
    public static void ReadChunk(ByteStore source, long offset, Span<byte> buffer)
    {
        var end = offset + buffer.Length;
        for (var at = offset; at < end;)
        {
            var extent = source.NextExtent(at);
            var n = (int)(Math.Min(extent.End, end) - at);
            var part = buffer.Slice((int)(at - offset), n);
            if (extent.Kind == ExtentKind.Zero)
                part.Clear();
            else
                source.Read(at, part);
            at += n;
        }
    }
}
