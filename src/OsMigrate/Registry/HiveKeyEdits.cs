using System.Buffers.Binary;
using System.Text;
using OsMigrate.Bytes;

namespace OsMigrate.Registry;

/// <summary>Changing a key. Only the cells concerned are touched.</summary>
public sealed partial class HiveKey
{
    /// <summary>The key at a path below this one; what is missing of it is made, with the security of its parent.</summary>
    public HiveKey Create(string path)
    {
        var key = this;
        foreach (var name in Split(path))
            key = key.FindChild(name) ?? key.CreateChild(name);
        return key;
    }

    /// <summary>Deletes this key with all that is below it. The root cannot be deleted.</summary>
    public void Delete()
    {
        if (Parent is null)
            throw BadName("", "the root key of a hive cannot be deleted");
        var cell = Cell;
        var space = Hive.BeginEdit();
        FreeTree(this, cell, space);
        var parent = Parent.Cell;
        new SubKeyListEditor(Hive.Image, space).Remove(parent, Offset);
        space.Free(Offset);
        Hive.NoteDeleted(Offset);
        if (parent.SubKeyCount == 0)
            (parent.LongestSubKeyName, parent.LongestSubKeyClass) = (0, 0);
        parent.Timestamp = Hive.Now();
    }

    /// <summary>Deletes a key below this one, with all that is below it.</summary>
    /// <returns>False when there was none.</returns>
    public bool DeleteSubKey(string path)
    {
        var key = Find(path);
        if (key is null || key == this)
            return false;
        key.Delete();
        return true;
    }

    /// <summary>Sets a value, in the place of one of the same name if there is one; "" is the default value.</summary>
    public void Set(string name, RegistryValueType type, byte[] data)
    {
        if (name.Length > HiveFormat.MaximumValueName)
            throw BadName(name, $"the name of a value has at most {HiveFormat.MaximumValueName} characters");
        if (data.Length > HiveFormat.MaximumValueLength)
            throw new OsMigrateException(ErrorIds.RegistryBadName, ErrorKind.InvalidArgument, $"The value '{name}' cannot take {data.Length} bytes.", Hive.Name);
        var key = Cell;
        var space = Hive.BeginEdit();
        var offset = FindValue(name);
        var value = offset == HiveFormat.Nil ? ValueCell.Create(Hive.Image, space, name) : ValueCell.At(Hive.Image, offset);
        ValueData.Write(Hive.Image, space, value, (int)type, data);
        if (offset == HiveFormat.Nil)
            ValueList.Add(Hive.Image, space, key, value.Offset);
        key.LongestValueName = Math.Max(key.LongestValueName, value.WideNameLength);
        key.LongestValueData = Math.Max(key.LongestValueData, data.Length);
        key.Timestamp = Hive.Now();
    }

    /// <returns>False when there was no such value.</returns>
    public bool DeleteValue(string name)
    {
        var key = Cell;
        var offset = FindValue(name);
        if (offset == HiveFormat.Nil)
            return false;
        var space = Hive.BeginEdit();
        ValueData.Free(Hive.Image, space, ValueCell.At(Hive.Image, offset));
        ValueList.Remove(Hive.Image, space, key, offset);
        space.Free(offset);
        if (key.ValueCount == 0)
            (key.LongestValueName, key.LongestValueData) = (0, 0);
        key.Timestamp = Hive.Now();
        return true;
    }

    public void SetString(string name, string text) => Set(name, RegistryValueType.String, Terminated(text));

    public void SetExpandString(string name, string text) => Set(name, RegistryValueType.ExpandString, Terminated(text));

    /// <param name="texts">None of them empty: an empty one would end the list.</param>
    public void SetMultiString(string name, params string[] texts)
    {
        if (Array.IndexOf(texts, "") >= 0)
            throw new OsMigrateException(ErrorIds.RegistryBadName, ErrorKind.InvalidArgument, $"The list '{name}' cannot hold an empty text.", Hive.Name);
        Set(name, RegistryValueType.MultiString, Encoding.Unicode.GetBytes(string.Concat(texts.Select(text => text + "\0")) + "\0"));
    }

    public void SetDword(string name, uint number)
    {
        var data = new byte[4];
        BinaryPrimitives.WriteUInt32LittleEndian(data, number);
        Set(name, RegistryValueType.Dword, data);
    }

    public void SetQword(string name, ulong number)
    {
        var data = new byte[8];
        BinaryPrimitives.WriteUInt64LittleEndian(data, number);
        Set(name, RegistryValueType.Qword, data);
    }

    public void SetBinary(string name, byte[] data) => Set(name, RegistryValueType.Binary, data);

    private static byte[] Terminated(string text) => Encoding.Unicode.GetBytes(text + "\0");

    private HiveKey CreateChild(string name)
    {
        if (name.Length > HiveFormat.MaximumKeyName)
            throw BadName(name, $"the name of a key has at most {HiveFormat.MaximumKeyName} characters");
        if (Depth >= HiveFormat.MaximumDepth)
            throw BadName(name, $"keys can be nested {HiveFormat.MaximumDepth} levels deep");
        var parent = Cell;
        var space = Hive.BeginEdit();
        SecurityCells.AddReference(Hive.Image, parent.Security);
        var child = KeyCell.Create(Hive.Image, space, name, Offset, parent.Security, Hive.Now(), flags: 0);
        new SubKeyListEditor(Hive.Image, space).Insert(parent, child);
        parent.LongestSubKeyName = Math.Max(parent.LongestSubKeyName, name.Length * 2);
        parent.Timestamp = Hive.Now();
        return new HiveKey(Hive, this, child);
    }

    /// <summary>Gives everything back that hangs on a key; the key's own cell stays for the caller.</summary>
    private static void FreeTree(HiveKey key, KeyCell cell, CellSpace space)
    {
        var image = key.Hive.Image;
        foreach (var child in key.SubKeys)
        {
            FreeTree(child, KeyCell.At(image, child.Offset), space);
            space.Free(child.Offset);
            key.Hive.NoteDeleted(child.Offset);
        }

        new SubKeyListEditor(image, space).Free(cell);
        var values = ValueList.Read(image, cell);
        foreach (var value in values)
        {
            ValueData.Free(image, space, ValueCell.At(image, value));
            space.Free(value);
        }

        if (cell.ValueList != HiveFormat.Nil && values.Count > 0)
            space.Free(cell.ValueList);
        if (cell.Class != HiveFormat.Nil && cell.ClassLength > 0)
            space.Free(cell.Class);
        SecurityCells.Release(image, space, cell.Security);
    }

    private OsMigrateException BadName(string name, string reason)
        => new(ErrorIds.RegistryBadName, ErrorKind.InvalidArgument, $"'{Path}\\{name}': {reason}.", Hive.Name);
}
