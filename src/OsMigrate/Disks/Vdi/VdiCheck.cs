using OsMigrate.Bytes;

namespace OsMigrate.Disks.Vdi;

/// <summary>Checks a VDI's block map: every block within the file, none used twice, as many as the header says, none left over.</summary>
internal static class VdiCheck
{
    private const int MaxFindings = 100;

    public static IEnumerable<ImageFinding> Run(ByteStore store, CancellationToken cancel)
    {
        var findings = new List<ImageFinding>();
        try
        {
            CheckMap(store, VdiBlockMap.Read(store), findings, cancel);
        }
        catch (InvalidImageException e)
        {
            findings.Add(ImageFinding.From(e));
        }

        return findings;
    }

    private static void CheckMap(ByteStore store, VdiBlockMap map, List<ImageFinding> findings, CancellationToken cancel)
    {
        void Add(FindingSeverity severity, string id, long offset, string reason)
        {
            if (findings.Count < MaxFindings)
                findings.Add(new ImageFinding(severity, id, store.Name, offset, reason));
        }

        var mapEnd = map.Header.MapOffset + (map.Count * 4L);
        if (map.Header.DataOffset < mapEnd && map.Header.AllocatedCount > 0)
            Add(FindingSeverity.Corruption, ErrorIds.Overlap, map.Header.DataOffset, $"the blocks begin before the block map ends at {mapEnd}");
        // A block number is below the count of blocks: the file never needs more places than the disk has.
        var used = new System.Collections.BitArray(map.Count);
        var count = 0;
        var highest = -1L;
        for (var block = 0; block < map.Count; block++)
        {
            if ((block & 0xFFFF) == 0)
                cancel.ThrowIfCancellationRequested();
            var stored = map.Find(block);
            if (stored < 0)
                continue;
            count++;
            var entry = map.Header.MapOffset + (block * 4L);
            var needed = Math.Min(map.BlockSize, map.VirtualSize - ((long)block * map.BlockSize));
            if (stored >= map.Count || map.Offset(stored) > store.Length - needed)
            {
                Add(FindingSeverity.Corruption, ErrorIds.Truncated, entry, $"block {block} lies at {map.Offset(stored)}, past the end of the file at {store.Length}");
                continue;
            }

            if (used[(int)stored])
                Add(FindingSeverity.Corruption, ErrorIds.Overlap, entry, $"block {block} lies at {map.Offset(stored)}, where another block lies already");
            used[(int)stored] = true;
            highest = Math.Max(highest, stored);
        }

        if (count != map.Header.AllocatedCount)
            Add(FindingSeverity.Corruption, ErrorIds.BadStructure, 388, $"the header says {map.Header.AllocatedCount} blocks are stored, the block map has {count}");
        var unused = Enumerable.Range(0, (int)(highest + 1)).Count(i => !used[i]);
        if (unused > 0)
            Add(FindingSeverity.Leak, ErrorIds.BadStructure, map.Header.DataOffset, $"{unused} places of the file belong to no block");
    }
}
