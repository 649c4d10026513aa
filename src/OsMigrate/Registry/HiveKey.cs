using OsMigrate.Bytes;

namespace OsMigrate.Registry;

/// <summary>A key of a hive. Reads go to the hive's bytes each time, so they show what edits did.</summary>
public sealed partial class HiveKey
{
    private readonly int _moment;

    internal HiveKey(Hive hive, HiveKey? parent, KeyCell cell)
    {
        Hive = hive;
        Parent = parent;
        Depth = parent is null ? 0 : parent.Depth + 1;
        if (Depth > HiveFormat.MaximumDepth)
            throw hive.Image.Fault(cell.Offset, $"keys are nested deeper than {HiveFormat.MaximumDepth} levels");
        Offset = cell.Offset;
        Name = cell.Name;
        _moment = hive.Deletions;
    }

    public Hive Hive { get; }

    /// <summary>Null for the root.</summary>
    public HiveKey? Parent { get; }

    public string Name { get; }

    /// <summary>Names from below the root, joined by backslashes; empty for the root.</summary>
    public string Path => Parent is null ? "" : Parent.Parent is null ? Name : Parent.Path + "\\" + Name;

    /// <summary>UTC.</summary>
    public DateTime LastWritten => FileTime.Decode(Cell.Timestamp);

    /// <summary>The class name, null for most keys. A few keys of SYSTEM hold secrets in it.</summary>
    public string? ClassName
    {
        get
        {
            var cell = Cell;
            return cell.ClassLength == 0 || cell.Class == HiveFormat.Nil
                ? null
                : HiveNames.Decode(Hive.Image.Cell(cell.Class, cell.ClassLength, "a class name").Slice(0, cell.ClassLength & ~1), narrow: false);
        }
    }

    /// <summary>The subkeys, in the order of the list: by upper-cased name in a sound hive.</summary>
    public IReadOnlyList<HiveKey> SubKeys
    {
        get
        {
            var cells = SubKeyList.Read(Hive.Image, Cell);
            var keys = new List<HiveKey>(cells.Count);
            foreach (var cell in cells)
                keys.Add(Child(cell));
            return keys;
        }
    }

    /// <summary>The values in the order they are listed in; the default value is the one without a name.</summary>
    public IReadOnlyList<HiveValue> Values
    {
        get
        {
            var values = new List<HiveValue>();
            foreach (var offset in ValueList.Read(Hive.Image, Cell))
                values.Add(ReadValue(ValueCell.At(Hive.Image, offset)));
            return values;
        }
    }

    internal int Offset { get; }

    internal int Depth { get; }

    internal KeyCell Cell
    {
        get
        {
            for (var key = this; key is not null; key = key.Parent)
            {
                if (Hive.WasDeletedSince(key.Offset, key._moment))
                    throw new OsMigrateException(ErrorIds.RegistryKeyDeleted, ErrorKind.NotFound, $"The registry key '{Path}' was deleted.", Hive.Name);
            }

            return KeyCell.At(Hive.Image, Offset);
        }
    }

    /// <summary>The key at a path below this one, or null. Upper and lower case are the same; empty names between backslashes are skipped.</summary>
    public HiveKey? Find(string path)
    {
        var key = this;
        foreach (var name in Split(path))
        {
            var child = key.FindChild(name);
            if (child is null)
                return null;
            key = child;
        }

        return key;
    }

    /// <summary>The value of a name, "" for the default value; null when there is none.</summary>
    public HiveValue? Value(string name)
    {
        var offset = FindValue(name);
        return offset == HiveFormat.Nil ? null : ReadValue(ValueCell.At(Hive.Image, offset));
    }

    public override string ToString() => Path;

    private static string[] Split(string path) => path.Split(['\\'], StringSplitOptions.RemoveEmptyEntries);

    private HiveKey? FindChild(string name)
    {
        var cell = Cell;
        if (cell.SubKeyCount == 0 || cell.SubKeyList == HiveFormat.Nil)
            return null;
        var place = SubKeyList.Search(Hive.Image, cell.SubKeyList, name);
        if (place.Key != HiveFormat.Nil)
            return Child(place.Key);

        // A damaged list may be out of order.
        foreach (var offset in SubKeyList.Read(Hive.Image, cell))
        {
            if (HiveNames.Same(KeyCell.At(Hive.Image, offset).Name, name))
                return Child(offset);
        }

        return null;
    }

    private HiveKey Child(int offset)
    {
        var cell = KeyCell.At(Hive.Image, offset);
        Hive.CheckParent(this, cell);
        return new HiveKey(Hive, this, cell);
    }

    private int FindValue(string name)
    {
        foreach (var offset in ValueList.Read(Hive.Image, Cell))
        {
            if (HiveNames.Same(ValueCell.At(Hive.Image, offset).Name, name))
                return offset;
        }

        return HiveFormat.Nil;
    }

    private HiveValue ReadValue(ValueCell value) => new(value.Name, value.Type, ValueData.Read(Hive.Image, value));
}
