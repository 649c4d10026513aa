using System.Globalization;
using System.Text;

namespace OsMigrate.Guests.Windows.Inf;

/// <summary>Reads AddReg sections. Microsoft, "INF AddReg Directive".</summary>
internal static class RegistryLines
{
    public static RegistryAddition? Read(InfDocument inf, InfLine line)
    {
        var root = line[0].ToUpperInvariant();
        if (root is not ("HKR" or "HKLM" or "HKCR" or "HKCU" or "HKU"))
            return null;
        var values = line.Values.Select(inf.Expand).ToList();
        string At(int index) => index < values.Count ? values[index] : "";
        var flags = At(3).Length == 0 ? 0 : InfNumbers.Read(At(3)) ?? 0;
        var type = ValueType(flags);
        return new RegistryAddition
        {
            Root = root,
            SubKey = At(1).Trim('\\'),
            ValueName = At(2),
            Flags = flags,
            ValueType = type,
            Data = (flags & 0x14) != 0 ? [] : Data(type, values.Skip(4).ToList()),
        };
    }

    /// <summary>FLG_ADDREG_TYPE_*: the upper word and the lowest bit.</summary>
    private static int ValueType(uint flags) => (flags & 0xFFFF0001) switch
    {
        0x00000000 => 1,
        0x00010000 => 7,
        0x00020000 => 2,
        0x00000001 => 3,
        0x00010001 => 4,
        0x00020001 => 0,
        var other => (int)(other >> 16),
    };

    private static byte[] Data(int type, List<string> values)
    {
        switch (type)
        {
            case 1 or 2:
                // An unquoted comma in a text makes two values of it; SetupAPI takes the first.
                return Encoding.Unicode.GetBytes((values.FirstOrDefault() ?? "") + "\0");
            case 7:
                return Encoding.Unicode.GetBytes(string.Concat(values.Where(static v => v.Length > 0).Select(static v => v + "\0")) + "\0");
            case 4 when values.Count <= 1:
                return BitConverter.GetBytes(InfNumbers.Read(values.FirstOrDefault() ?? "") ?? 0);
            case 11 when values.Count <= 1:
                return BitConverter.GetBytes(InfNumbers.ReadLong(values.FirstOrDefault() ?? "") ?? 0);
            default:
                return [.. values.Where(static v => v.Length > 0).Select(Byte)];
        }
    }

    private static byte Byte(string text)
        => byte.TryParse(text.StartsWith("0x", StringComparison.OrdinalIgnoreCase) ? text.Substring(2) : text, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var value) ? value : (byte)0;
}
