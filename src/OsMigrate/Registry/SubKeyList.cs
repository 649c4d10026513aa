namespace OsMigrate.Registry;

/// <summary>Reads the lists of subkeys: leaves (lf, lh, li) and the index root (ri) over several leaves.</summary>
internal static class SubKeyList
{
    /// <summary>The cells of a key's subkeys in the order of the list, each once.</summary>
    public static List<int> Read(HiveImage image, KeyCell key)
    {
        var cells = new List<int>();
        if (key.SubKeyCount == 0 || key.SubKeyList == HiveFormat.Nil)
            return cells;
        foreach (var leaf in Leaves(image, key.SubKeyList))
        {
            var (count, width) = Leaf(image, leaf);
            for (var i = 0; i < count; i++)
                cells.Add(image.Int32(leaf + 8 + (i * width)));
        }

        var seen = new HashSet<int>();
        foreach (var cell in cells)
        {
            if (!seen.Add(cell))
                throw image.Fault(key.SubKeyList, "a key is listed twice among its parent's subkeys");
        }

        return cells;
    }

    /// <summary>The leaves of a list, in order: itself, or those of an index root.</summary>
    public static List<int> Leaves(HiveImage image, int list)
    {
        var content = image.Content(list, 4, "a list of subkeys");
        if (image.UInt16(list + 4) != HiveFormat.Ri)
            return [list];
        var count = image.UInt16(list + 6);
        if (count > (content - 4) / 4)
            throw image.Fault(list, $"an index root of {count} lists does not fit into its cell");
        var leaves = new List<int>(count);
        for (var i = 0; i < count; i++)
            leaves.Add(image.Int32(list + 8 + (4 * i)));
        if (new HashSet<int>(leaves).Count != count)
            throw image.Fault(list, "an index root names a list twice");
        return leaves;
    }

    /// <summary>How many entries a leaf has and how many bytes each takes.</summary>
    public static (int Count, int Width) Leaf(HiveImage image, int leaf)
    {
        var content = image.Content(leaf, 4, "a list of subkeys");
        var width = image.UInt16(leaf + 4) switch
        {
            HiveFormat.Lf or HiveFormat.Lh => 8,
            HiveFormat.Li => 4,
            _ => throw image.Fault(leaf, "the cell is not a list of subkeys (lf, lh, li)"),
        };
        var count = image.UInt16(leaf + 6);
        if (count > (content - 4) / width)
            throw image.Fault(leaf, $"a list of {count} subkeys does not fit into its cell");
        return (count, width);
    }

    /// <summary>The place of a name in a list: the cell if it is there, else where it belongs. Trusts the order of the list.</summary>
    public static SubKeyPlace Search(HiveImage image, int list, string name)
    {
        var leaves = Leaves(image, list);
        var (low, high) = (0, leaves.Count - 1);
        while (low < high)
        {
            var middle = (low + high) / 2;
            var (count, width) = Leaf(image, leaves[middle]);
            if (count > 0 && HiveNames.Compare(NameAt(image, leaves[middle] + 8 + ((count - 1) * width)), name) < 0)
                low = middle + 1;
            else
                high = middle;
        }

        return leaves.Count == 0
            ? throw image.Fault(list, "an index root is empty")
            : SearchLeaf(image, leaves[low], low, name);
    }

    private static SubKeyPlace SearchLeaf(HiveImage image, int leaf, int leafIndex, string name)
    {
        var (count, width) = Leaf(image, leaf);
        var (low, high) = (0, count - 1);
        while (low <= high)
        {
            var middle = (low + high) / 2;
            var order = HiveNames.Compare(NameAt(image, leaf + 8 + (middle * width)), name);
            if (order == 0)
                return new SubKeyPlace(leaf, leafIndex, middle, image.Int32(leaf + 8 + (middle * width)));
            if (order < 0)
                low = middle + 1;
            else
                high = middle - 1;
        }

        return new SubKeyPlace(leaf, leafIndex, low, HiveFormat.Nil);
    }

    private static string NameAt(HiveImage image, int position) => KeyCell.At(image, image.Int32(position)).Name;
}

/// <summary>Where a subkey is, or belongs, in a list.</summary>
/// <param name="Leaf">Cell of the leaf.</param>
/// <param name="LeafIndex">Its place in the index root.</param>
/// <param name="Index">Place in the leaf.</param>
/// <param name="Key">Cell of the subkey, or <see cref="HiveFormat.Nil"/>.</param>
internal readonly record struct SubKeyPlace(int Leaf, int LeafIndex, int Index, int Key);
