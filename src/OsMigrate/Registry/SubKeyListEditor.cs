namespace OsMigrate.Registry;

/// <summary>Keeps the lists of subkeys in order while keys come and go.</summary>
internal sealed class SubKeyListEditor(HiveImage image, CellSpace space)
{
    /// <summary>Version 1.5 and later hash names (lh); 1.3 and 1.4 note their first four characters (lf).</summary>
    private ushort NewLeafSignature => BaseBlock.Get(image.Header, BaseBlock.Minor) >= 5 ? HiveFormat.Lh : HiveFormat.Lf;

    /// <summary>Lists a key under its parent, in the place its name belongs, and counts it.</summary>
    public void Insert(KeyCell parent, KeyCell child)
    {
        var name = child.Name;
        if (parent.SubKeyCount == 0 || parent.SubKeyList == HiveFormat.Nil)
        {
            var leaf = space.Allocate(4 + 8);
            image.Put16(leaf + 4, NewLeafSignature);
            parent.SubKeyList = leaf;
            InsertEntry(leaf, 0, 8, child.Offset, name);
            parent.SubKeyCount = 1;
            return;
        }

        var place = SubKeyList.Search(image, parent.SubKeyList, name);
        var (count, width) = SubKeyList.Leaf(image, place.Leaf);
        if (count >= HiveFormat.MaximumLeafEntries)
        {
            Split(parent, place);
            place = SubKeyList.Search(image, parent.SubKeyList, name);
            (count, width) = SubKeyList.Leaf(image, place.Leaf);
        }

        var target = place.Leaf;
        if (image.Content(target, 4, "a list of subkeys") < 4 + ((count + 1) * width))
            target = Enlarge(parent, place, 4 + ((count + 1 + (count / 16)) * width));
        InsertEntry(target, place.Index, width, child.Offset, name);
        parent.SubKeyCount++;
    }

    /// <summary>Takes a key out of its parent's list; the key itself stays.</summary>
    public void Remove(KeyCell parent, int child)
    {
        var leaves = SubKeyList.Leaves(image, parent.SubKeyList);
        for (var i = 0; i < leaves.Count; i++)
        {
            var (count, width) = SubKeyList.Leaf(image, leaves[i]);
            for (var entry = 0; entry < count; entry++)
            {
                if (image.Int32(leaves[i] + 8 + (entry * width)) != child)
                    continue;
                RemoveEntry(leaves[i], entry, count, width);
                if (count == 1)
                    DropLeaf(parent, leaves, i);
                parent.SubKeyCount--;
                return;
            }
        }

        throw image.Fault(child, "a key is not in its parent's list of subkeys");
    }

    /// <summary>Gives all lists of a key back.</summary>
    public void Free(KeyCell key)
    {
        if (key.SubKeyList == HiveFormat.Nil)
            return;
        var leaves = SubKeyList.Leaves(image, key.SubKeyList);
        foreach (var leaf in leaves)
            space.Free(leaf);
        if (leaves.Count != 1 || leaves[0] != key.SubKeyList)
            space.Free(key.SubKeyList);
        key.SubKeyList = HiveFormat.Nil;
        key.SubKeyCount = 0;
    }

    private void InsertEntry(int leaf, int index, int width, int child, string name)
    {
        var count = image.UInt16(leaf + 6);
        var from = leaf + 8 + (index * width);
        image.Span(from, (count - index) * width).CopyTo(image.Span(from + width, (count - index) * width));
        image.Put32(from, child);
        var signature = image.UInt16(leaf + 4);
        if (signature != HiveFormat.Li)
            image.Put32(from + 4, unchecked((int)(signature == HiveFormat.Lh ? HiveNames.Hash(name) : HiveNames.Hint(name))));
        image.Put16(leaf + 6, (ushort)(count + 1));
    }

    private void RemoveEntry(int leaf, int index, int count, int width)
    {
        var from = leaf + 8 + (index * width);
        image.Span(from + width, (count - index - 1) * width).CopyTo(image.Span(from, (count - index - 1) * width));
        image.Put16(leaf + 6, (ushort)(count - 1));
    }

    private int Enlarge(KeyCell parent, SubKeyPlace place, int contentLength)
    {
        var (count, width) = SubKeyList.Leaf(image, place.Leaf);
        var larger = space.Allocate(contentLength);
        image.Span(place.Leaf + 4, 4 + (count * width)).CopyTo(image.Span(larger + 4, 4 + (count * width)));
        Replace(parent, place, larger);
        space.Free(place.Leaf);
        return larger;
    }

    private void Replace(KeyCell parent, SubKeyPlace place, int leaf)
    {
        if (parent.SubKeyList == place.Leaf)
            parent.SubKeyList = leaf;
        else
            image.Put32(parent.SubKeyList + 8 + (4 * place.LeafIndex), leaf);
    }

    /// <summary>Moves the upper half of a full leaf into a leaf of its own.</summary>
    private void Split(KeyCell parent, SubKeyPlace place)
    {
        var (count, width) = SubKeyList.Leaf(image, place.Leaf);
        var kept = count / 2;
        var upper = space.Allocate(4 + ((count - kept + 16) * width));
        image.Put16(upper + 4, image.UInt16(place.Leaf + 4));
        image.Put16(upper + 6, (ushort)(count - kept));
        image.Span(place.Leaf + 8 + (kept * width), (count - kept) * width).CopyTo(image.Span(upper + 8, (count - kept) * width));
        image.Put16(place.Leaf + 6, (ushort)kept);
        PutRoot(parent, place, upper);
    }

    private void PutRoot(KeyCell parent, SubKeyPlace place, int upper)
    {
        var leaves = SubKeyList.Leaves(image, parent.SubKeyList);
        leaves.Insert(place.LeafIndex + 1, upper);
        var old = parent.SubKeyList == place.Leaf ? HiveFormat.Nil : parent.SubKeyList;
        WriteRoot(parent, leaves);
        if (old != HiveFormat.Nil)
            space.Free(old);
    }

    private void WriteRoot(KeyCell parent, List<int> leaves)
    {
        var root = space.Allocate(4 + (4 * leaves.Count));
        image.Put16(root + 4, HiveFormat.Ri);
        image.Put16(root + 6, (ushort)leaves.Count);
        for (var i = 0; i < leaves.Count; i++)
            image.Put32(root + 8 + (4 * i), leaves[i]);
        parent.SubKeyList = root;
    }

    private void DropLeaf(KeyCell parent, List<int> leaves, int index)
    {
        var leaf = leaves[index];
        if (parent.SubKeyList == leaf)
        {
            parent.SubKeyList = HiveFormat.Nil;
        }
        else
        {
            var old = parent.SubKeyList;
            leaves.RemoveAt(index);
            if (leaves.Count == 0)
                parent.SubKeyList = HiveFormat.Nil;
            else
                WriteRoot(parent, leaves);
            space.Free(old);
        }

        space.Free(leaf);
    }
}
