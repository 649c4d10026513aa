namespace OsMigrate.Guests.Windows.Inf;

/// <summary>One line of an AddReg section, with the value as the registry stores it.</summary>
public sealed record RegistryAddition
{
    /// <summary>HKR (the key the section belongs to), HKLM, HKCR, HKCU or HKU.</summary>
    public required string Root { get; init; }

    /// <summary>Path below the root; empty for the root itself.</summary>
    public required string SubKey { get; init; }

    /// <summary>Empty for the default value.</summary>
    public required string ValueName { get; init; }

    /// <summary>The flags as they stand.</summary>
    public uint Flags { get; init; }

    /// <summary>The registry's number of the type: 1 text, 2 expandable text, 3 binary, 4 number, 7 list of texts, 11 long number.</summary>
    public int ValueType { get; init; }

    /// <summary>The value's bytes; texts are UTF-16 with their end mark.</summary>
    public byte[] Data { get; init; } = [];

    /// <summary>Only the key is made, no value.</summary>
    public bool IsKeyOnly => (Flags & 0x10) != 0;

    /// <summary>A value that exists stays as it is.</summary>
    public bool KeepsExisting => (Flags & 0x02) != 0;

    /// <summary>The texts are added to a list that exists.</summary>
    public bool IsAppended => (Flags & 0x08) != 0;

    /// <summary>The value is only written where it exists already.</summary>
    public bool OnlyReplaces => (Flags & 0x20) != 0;

    /// <summary>The line removes a value instead of adding one.</summary>
    public bool IsDeletion => (Flags & 0x04) != 0;
}
