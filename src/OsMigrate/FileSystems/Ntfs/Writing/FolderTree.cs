namespace OsMigrate.FileSystems.Ntfs.Writing;

/// <summary>A folder's index while it is edited: a B-tree whose nodes are read by need. <see cref="Save"/> writes those that changed.</summary>
/// <remarks>
/// Every entry's child holds what comes before the entry; the end entry's child holds the rest. All leaves are at one depth, and this keeps it so.
/// </remarks>
internal sealed class FolderTree
{
    private readonly UpCase _upCase;
    private readonly FolderNodes _nodes;

    public FolderTree(VolumeEdit edit, FileEdit folder)
    {
        _upCase = edit.Volume.UpCase;
        _nodes = new FolderNodes(edit, folder);
    }

    public bool IsEmpty => _nodes.Root.IsLeaf && _nodes.Root.Entries.Count == 1;

    /// <summary>The entry of exactly that name, or null.</summary>
    public IndexEntry? Find(string name)
    {
        var (path, found) = Descend(name);
        return found ? path[path.Count - 1].Entry : null;
    }

    /// <summary>A name that differs at most in case, or null.</summary>
    public string? FindSimilar(string name)
        => Descend(name).Path.SelectMany(s => s.Node.Entries.Skip(Math.Max(0, s.Index - 1)).Take(2))
            .FirstOrDefault(e => !e.IsLast && _upCase.CompareIgnoringCase(e.Name, name) == 0)?.Name;

    /// <summary>Whether names near a place, and with them the folder, have short forms of their own; null where nothing speaks for or against it.</summary>
    public bool? HasShortNames(string name)
    {
        var spaces = Descend(name).Path.SelectMany(static s => s.Node.Entries).Where(static e => !e.IsLast)
            .Select(static e => (NameSpace)e.Key[65]).ToList();
        if (spaces.Contains(NameSpace.Dos))
            return true;
        return spaces.Exists(static s => s is NameSpace.Win32 or NameSpace.Posix) ? false : null;
    }

    public void Insert(IndexEntry entry)
    {
        var (path, found) = Descend(entry.Name);
        if (found)
            throw new InvalidOperationException($"'{entry.Name}' is in the folder already");
        var leaf = path[path.Count - 1];
        leaf.Node.Entries.Insert(leaf.Index, entry);
        _nodes.Changed(leaf.Node);
        Balance(path);
    }

    public void Remove(string name)
    {
        var (path, found) = Descend(name);
        if (!found)
            throw new InvalidOperationException($"'{name}' is not in the folder");
        var place = path[path.Count - 1];
        if (place.Entry.Child != IndexEntry.NoChild)
            place = TakeBefore(path, place);
        else
            place.Node.Entries.RemoveAt(place.Index);
        _nodes.Changed(place.Node);
        Balance(path);
    }

    /// <summary>Changes the copy of a file's sizes and times; the name stays.</summary>
    public void Update(string name, Func<FileNameValue, FileNameValue> change)
    {
        var (path, found) = Descend(name);
        if (!found)
            return;
        var place = path[path.Count - 1];
        place.Node.Entries[place.Index] = place.Entry with { Key = change(FileNameValue.TryParse(place.Entry.Key)!).ToBytes() };
        _nodes.Changed(place.Node);
    }

    public void Save()
    {
        while (_nodes.RootIsTooLarge)
        {
            var moved = _nodes.PushRootDown();
            if (moved.EntriesSize > _nodes.Capacity)
                Balance([new Step(_nodes.Root), new Step(moved)]);
        }

        _nodes.Save();
    }

    /// <summary>An inner entry gives way to the one before it, which stands last in a leaf.</summary>
    private Step TakeBefore(List<Step> path, Step place)
    {
        for (var child = place.Entry.Child; child != IndexEntry.NoChild;)
        {
            var node = _nodes.Read(child);
            path.Add(new Step(node) { Index = node.Entries.Count - 1 });
            child = node.Entries[node.Entries.Count - 1].Child;
            if (path.Count > IndexReader.MaxDepth)
                throw _nodes.Bad("the index of a folder is too deep");
        }

        var leaf = path[path.Count - 1];
        if (leaf.Index == 0)
            throw _nodes.Bad("the index of a folder has an empty block");
        place.Node.Entries[place.Index] = leaf.Node.Entries[leaf.Index - 1] with { Child = place.Entry.Child };
        leaf.Node.Entries.RemoveAt(leaf.Index - 1);
        _nodes.Changed(place.Node);
        return leaf;
    }

    private (List<Step> Path, bool Found) Descend(string name)
    {
        var path = new List<Step>();
        var node = _nodes.Root;
        while (path.Count < IndexReader.MaxDepth)
        {
            var at = node.Entries.FindIndex(e => e.IsLast || _upCase.Compare(name, e.Name) <= 0);
            path.Add(new Step(node) { Index = at });
            var entry = node.Entries[at];
            if (!entry.IsLast && entry.Name == name)
                return (path, true);
            if (entry.Child == IndexEntry.NoChild)
                return (path, false);
            node = _nodes.Read(entry.Child);
        }

        throw _nodes.Bad("the index of a folder is too deep");
    }

    /// <summary>From the leaf up: a node that is too full is split, one without names is joined with its neighbour.</summary>
    private void Balance(List<Step> path)
    {
        for (var level = path.Count - 1; level > 0; level--)
        {
            var node = path[level].Node;
            if (node.Entries.Count == 1)
                Join(path, level);
            if (path[level].Node.EntriesSize > _nodes.Capacity)
                Split(path[level - 1], path[level].Node);
        }
    }

    /// <summary>The middle entry moves up; what is before it moves to a new block.</summary>
    private void Split(Step parent, IndexNode node)
    {
        int half = node.EntriesSize / 2, at = 0, size = 0;
        while (at < node.Entries.Count - 3 && size + node.Entries[at].Size < half)
            size += node.Entries[at++].Size;
        at = Math.Max(1, at);
        var middle = node.Entries[at];
        var left = _nodes.Add([.. node.Entries.Take(at), IndexEntry.End(middle.Child)]);
        node.Entries.RemoveRange(0, at + 1);
        parent.Node.Entries.Insert(parent.Index, middle with { Child = left.Vcn });
        parent.Index++;
        _nodes.Changed(node);
        _nodes.Changed(parent.Node);
    }

    /// <summary>A node that has only its end entry left takes over its neighbour's entries, with the one between them.</summary>
    private void Join(List<Step> path, int level)
    {
        var (empty, parent) = (path[level].Node, path[level - 1]);
        var child = empty.Entries[0].Child;
        var entries = parent.Node.Entries;
        if (entries.Count == 1)
        {
            // Only the root may be left with nothing but an end entry. Elsewhere an empty node stays: others made it so.
            if (parent.Node.Vcn != IndexNode.Root)
                return;
            entries[0] = IndexEntry.End(child);
            _nodes.Free(empty);
            _nodes.Changed(parent.Node);
            path[level] = new Step(parent.Node);
            return;
        }

        var hasNext = parent.Index < entries.Count - 1;
        var between = entries[hasNext ? parent.Index : parent.Index - 1];
        var neighbour = _nodes.Read(hasNext ? entries[parent.Index + 1].Child : between.Child);
        if (hasNext)
        {
            neighbour.Entries.Insert(0, between with { Child = child });
            entries.RemoveAt(parent.Index);
        }
        else
        {
            var end = neighbour.Entries.Count - 1;
            neighbour.Entries[end] = between with { Child = neighbour.Entries[end].Child };
            neighbour.Entries.Add(IndexEntry.End(child));
            entries.RemoveAt(--parent.Index);
            entries[parent.Index] = entries[parent.Index] with { Child = neighbour.Vcn };
        }

        _nodes.Free(empty);
        _nodes.Changed(neighbour);
        _nodes.Changed(parent.Node);
        path[level] = new Step(neighbour);
    }

    /// <summary>A node on the way down, and the entry through which the way goes on.</summary>
    private sealed class Step(IndexNode node)
    {
        public IndexNode Node { get; } = node;

        public int Index { get; set; }

        public IndexEntry Entry => Node.Entries[Index];
    }
}
