using OsMigrate.Bytes;

namespace OsMigrate.FileSystems.Ntfs.Checking;

/// <summary>The blocks of one index: those the tree leads to are those its bitmap marks, and all leaves are equally deep.</summary>
internal static class BlockScan
{
    private const int MaxBitmapBytes = 1 << 24;

    public static void Run(CheckState state, long number, FileRecord file, IndexReader index)
    {
        var reached = new HashSet<long>();
        var depths = new HashSet<int>();
        Visit(state, number, index, index.ReadRoot(), 0, reached, depths);
        if (depths.Count > 1)
            state.Warn("Index", number, "the leaves of the index are not equally deep");
        var bitmap = file.Find(AttributeType.Bitmap, index.Name);
        if (bitmap is null || bitmap.DataBytes > MaxBitmapBytes)
        {
            if (reached.Count > 0)
                state.Error("Index", number, "the index has blocks, but no bitmap for them");
            return;
        }

        var bits = bitmap.Open(file.Layout, file.Layout.Name).ReadBytes(0, (int)bitmap.DataBytes);
        for (long block = 0; block < bits.Length * 8L; block++)
        {
            var marked = (bits[block / 8] & (1 << (int)(block % 8))) != 0;
            var isReached = reached.Remove(block);
            if (isReached && !marked)
                state.Error("Index", number, $"block {block} of the index is in use, but marked free");
            if (marked && !isReached)
                state.Error("Index", number, $"block {block} of the index is marked in use, but the tree does not lead there");
        }

        if (reached.Count > 0)
            state.Error("Index", number, $"{reached.Count} blocks of the index have no bit in its bitmap");
    }

    private static void Visit(CheckState state, long number, IndexReader index, IndexNode node, int depth, HashSet<long> reached, HashSet<int> depths)
    {
        if (depth >= IndexReader.MaxDepth)
            throw state.Volume.Layout.Bad(-1, "the index is too deep");
        if (node.IsLeaf)
        {
            depths.Add(depth);
            return;
        }

        foreach (var entry in node.Entries)
        {
            if (entry.Child * index.VcnUnit % index.BlockSize != 0)
                state.Error("Index", number, $"the index leads to {entry.Child}, which is not the start of a block");
            else if (!reached.Add(entry.Child * index.VcnUnit / index.BlockSize))
                throw state.Volume.Layout.Bad(-1, $"the index leads twice to block {entry.Child}");
            Visit(state, number, index, index.ReadNode(entry.Child), depth + 1, reached, depths);
        }
    }
}
