using System.Buffers.Binary;
using System.Text;

namespace OsMigrate.Registry;

/// <summary>A value as it was when it was read. Later edits do not change it.</summary>
public sealed class HiveValue
{
    private readonly byte[] _data;

    internal HiveValue(string name, int type, byte[] data)
    {
        Name = name;
        Type = (RegistryValueType)type;
        _data = data;
    }

    /// <summary>Empty for a key's default value.</summary>
    public string Name { get; }

    public RegistryValueType Type { get; }

    public IReadOnlyList<byte> Data => _data;

    public ReadOnlySpan<byte> Bytes => _data;

    /// <summary>The text up to its first end mark, whatever the type says; half a character at the end is dropped.</summary>
    public string AsString()
    {
        var text = Encoding.Unicode.GetString(_data, 0, _data.Length & ~1);
        var end = text.IndexOf('\0');
        return end < 0 ? text : text.Substring(0, end);
    }

    /// <summary>The texts of a list; missing end marks are tolerated, the list ends at the first empty one.</summary>
    public IReadOnlyList<string> AsMultiString()
    {
        var texts = new List<string>();
        foreach (var part in Encoding.Unicode.GetString(_data, 0, _data.Length & ~1).Split('\0'))
        {
            if (part.Length == 0)
                break;
            texts.Add(part);
        }

        return texts;
    }

    /// <summary>The number in the first four bytes (fewer are taken as far as they go), or null without any.</summary>
    public uint? AsDword()
    {
        if (_data.Length == 0)
            return null;
        if (Type == RegistryValueType.DwordBigEndian && _data.Length >= 4)
            return BinaryPrimitives.ReadUInt32BigEndian(_data);
        return (uint)Number(4);
    }

    /// <summary>The number in the first eight bytes (fewer are taken as far as they go), or null without any.</summary>
    public ulong? AsQword() => _data.Length == 0 ? null : Number(8);

    public override string ToString() => HiveText.Describe(Type, _data);

    private ulong Number(int width)
    {
        var number = 0UL;
        for (var i = Math.Min(width, _data.Length) - 1; i >= 0; i--)
            number = (number << 8) | _data[i];
        return number;
    }
}
