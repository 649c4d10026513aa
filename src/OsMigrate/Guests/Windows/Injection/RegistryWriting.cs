using OsMigrate.Guests.Windows.Inf;
using OsMigrate.Registry;

namespace OsMigrate.Guests.Windows.Injection;

/// <summary>Carries out what INF files ask of the registry.</summary>
internal static class RegistryWriting
{
    /// <summary>One AddReg or DelReg line, below the key that HKR stands for.</summary>
    /// <returns>False for a line about another root, which is not carried out.</returns>
    public static bool Apply(HiveKey root, RegistryAddition line)
    {
        if (!string.Equals(line.Root, "HKR", StringComparison.OrdinalIgnoreCase))
            return false;
        var present = line.SubKey.Length == 0 ? root : root.Find(line.SubKey);
        if (line.IsDeletion)
        {
            present?.DeleteValue(line.ValueName);
            return true;
        }

        var key = present ?? root.Create(line.SubKey);
        var value = key.Value(line.ValueName);
        if (line.IsKeyOnly || (line.KeepsExisting && value is not null) || (line.OnlyReplaces && value is null))
            return true;
        key.Set(line.ValueName, (RegistryValueType)line.ValueType, line.IsAppended && value is not null ? Joined(value, line.Data) : line.Data);
        return true;
    }

    /// <summary>The list with the new texts that are not in it yet.</summary>
    private static byte[] Joined(HiveValue value, byte[] more)
    {
        var old = value.AsMultiString();
        var added = System.Text.Encoding.Unicode.GetString(more).Split(['\0'], StringSplitOptions.RemoveEmptyEntries).Where(t => !old.Contains(t, StringComparer.OrdinalIgnoreCase));
        return System.Text.Encoding.Unicode.GetBytes(string.Concat(old.Concat(added).Select(static t => t + "\0")) + "\0");
    }
}
