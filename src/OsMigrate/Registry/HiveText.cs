using System.Globalization;
using OsMigrate.Bytes;

namespace OsMigrate.Registry;

/// <summary>Values in the way administrators write them.</summary>
internal static class HiveText
{
    private const int MostBytes = 64;

    public static string Describe(RegistryValueType type, byte[] data)
    {
        var value = new HiveValue("", (int)type, data);
        return type switch
        {
            RegistryValueType.String when IsWhole(data) => "REG_SZ " + Quote(value.AsString()),
            RegistryValueType.ExpandString when IsWhole(data) => "REG_EXPAND_SZ " + Quote(value.AsString()),
            RegistryValueType.MultiString when IsWhole(data) => "REG_MULTI_SZ " + string.Join(", ", value.AsMultiString().Select(Quote)),
            RegistryValueType.Dword when data.Length == 4 => string.Format(CultureInfo.InvariantCulture, "REG_DWORD 0x{0:x}", value.AsDword()),
            RegistryValueType.Qword when data.Length == 8 => string.Format(CultureInfo.InvariantCulture, "REG_QWORD 0x{0:x}", value.AsQword()),
            RegistryValueType.Binary => "REG_BINARY " + Hexadecimal(data),
            RegistryValueType.None => "REG_NONE " + Hexadecimal(data),
            _ => string.Format(CultureInfo.InvariantCulture, "type 0x{0:x} {1}", (int)type, Hexadecimal(data)),
        };
    }

    private static bool IsWhole(byte[] data) => data.Length % 2 == 0;

    private static string Quote(string text) => "\"" + text + "\"";

    private static string Hexadecimal(byte[] data)
    {
        if (data.Length == 0)
            return "(empty)";
        var shown = Hex.Lower(data.Length <= MostBytes ? data : data.AsSpan(0, MostBytes).ToArray());
        if (data.Length <= MostBytes)
            return shown;
        var hash = new byte[32];
        Sha256.Hash(data, hash);
        return string.Format(CultureInfo.InvariantCulture, "{0}... ({1} bytes, SHA-256 {2})", shown, data.Length, Hex.Lower(hash));
    }
}
