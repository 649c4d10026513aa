namespace OsMigrate.Registry;

/// <summary>A key on the way of a check.</summary>
internal sealed class CheckedKey(CheckedKey? parent, int offset, string name, int depth)
{
    public int Offset => offset;

    public string Name => name;

    public int Depth => depth;

    public string Path => parent is null ? "" : parent.Path.Length == 0 ? name : parent.Path + "\\" + name;
}

/// <summary>Goes through all keys from the root and checks each.</summary>
internal sealed class KeyTreeCheck(HiveImage image, CheckedCells cells, SecurityCheck security, HiveFindings findings)
{
    private readonly Stack<CheckedKey> _waiting = new();
    private readonly ValueCheck _values = new(image, cells, findings);
    private readonly SubKeyListCheck _lists = new(image, cells, findings);

    public int KeyCount { get; private set; }

    public int ValueCount => _values.Count;

    public void Run()
    {
        var root = Enter(BaseBlock.Get(image.Header, BaseBlock.RootCell), null);
        if (root is null)
            return;
        if ((KeyCell.At(image, root.Offset).Flags & 4) == 0)
            findings.Error(root.Offset, "the root key does not bear the flag of a root");
        while (_waiting.Count > 0)
            Check(_waiting.Pop());
    }

    private CheckedKey? Enter(int offset, CheckedKey? parent)
    {
        if (!cells.Reach(offset, KeyCell.FixedLength, "a key", parent))
            return null;
        if (!KeyCell.IsKey(image, offset))
        {
            findings.Error(offset, "the cell is not a key (nk)", parent);
            return null;
        }

        var start = offset + 4;
        if (image.UInt16(start + 72) > -image.Int32(offset) - 4 - KeyCell.FixedLength)
        {
            findings.Error(offset, "a key's name reaches past its cell", parent);
            return null;
        }

        var cell = KeyCell.At(image, offset);
        var key = new CheckedKey(parent, offset, cell.Name, parent is null ? 0 : parent.Depth + 1);
        KeyCount++;
        if (key.Depth > HiveFormat.MaximumDepth)
            findings.Error(offset, $"keys are nested deeper than {HiveFormat.MaximumDepth} levels", parent);
        else
            _waiting.Push(key);
        if (parent is not null && cell.Parent != parent.Offset)
            findings.Error(offset, $"the key's parent link points to {cell.Parent} instead of {parent.Offset}", key);
        return key;
    }

    private void Check(CheckedKey key)
    {
        var cell = KeyCell.At(image, key.Offset);
        if (key.Depth > 0 && (key.Name.Length == 0 || key.Name.Length > HiveFormat.MaximumKeyName || key.Name.IndexOf('\\') >= 0))
            findings.Warning(key.Offset, "no program can use a key of this name (empty, longer than 255 characters, or with a backslash)", key);
        security.Use(cell.Security, key);
        var longestClass = CheckClass(cell, key);
        _ = longestClass;
        _values.Run(cell, key);
        CheckSubKeys(cell, key);
    }

    private int CheckClass(KeyCell cell, CheckedKey key)
    {
        if (cell.ClassLength > 0 && cell.Class != HiveFormat.Nil)
            cells.Reach(cell.Class, cell.ClassLength, "a class name", key);
        return cell.ClassLength;
    }

    private void CheckSubKeys(KeyCell cell, CheckedKey key)
    {
        var (longestName, longestClass) = (0, 0);
        var (count, last) = (0, (string?)null);
        foreach (var entry in _lists.Read(cell, key))
        {
            count++;
            var child = Enter(entry.Key, key);
            if (child is null)
                continue;
            longestName = Math.Max(longestName, child.Name.Length * 2);
            longestClass = Math.Max(longestClass, KeyCell.At(image, child.Offset).ClassLength);
            _lists.CheckHash(entry, child);
            var order = last is null ? -1 : HiveNames.Compare(last, child.Name);
            if (order == 0)
                findings.Error(child.Offset, "two keys of one parent have the same name", child);
            else if (order > 0)
                findings.Error(entry.Position, $"the list of subkeys is out of order: '{last}' stands before '{child.Name}'", key);
            last = child.Name;
        }

        if (count != cell.SubKeyCount)
            findings.Error(key.Offset, $"the key counts {(uint)cell.SubKeyCount} subkeys, but {count} are listed", key);
        if (longestName > cell.LongestSubKeyName)
            findings.Error(key.Offset, $"the longest name of a subkey has {longestName} bytes, but {cell.LongestSubKeyName} are noted", key);
        if (longestClass > cell.LongestSubKeyClass)
            findings.Warning(key.Offset, $"the longest class name of a subkey has {longestClass} bytes, but {(uint)cell.LongestSubKeyClass} are noted", key);
    }
}
