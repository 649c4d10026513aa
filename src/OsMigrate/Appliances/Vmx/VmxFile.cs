using System.Globalization;
using System.Text;
using OsMigrate.Bytes;

namespace OsMigrate.Appliances.Vmx;

/// <summary>The settings of a VMX: lines of key = "value". Keys are compared without regard to case; the last of equal keys counts.</summary>
/// <remarks>VMware publishes no grammar. In a value, |22 stands for the byte 0x22.</remarks>
internal sealed class VmxFile
{
    private const int MaxBytes = 4 << 20;
    private const int MaxKeys = 50_000;

    private readonly Dictionary<string, string> _values = new(StringComparer.OrdinalIgnoreCase);

    private VmxFile(string name) => Name = name;

    public string Name { get; }

    public IEnumerable<string> Keys => _values.Keys;

    /// <summary>The value, or null when it is absent or empty.</summary>
    public string? this[string key] => _values.TryGetValue(key, out var value) && value.Length > 0 ? value : null;

    public bool IsTrue(string key) => this[key]?.ToUpperInvariant() is "TRUE" or "1" or "YES" or "ON";

    public bool IsFalse(string key) => this[key]?.ToUpperInvariant() is "FALSE" or "0" or "NO" or "OFF";

    /// <summary>A whole number within bounds; null when absent.</summary>
    /// <exception cref="InvalidImageException">It is something else.</exception>
    public long? Number(string key, long least, long most)
    {
        if (this[key] is not { } text)
            return null;
        return long.TryParse(text.Trim(), NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number >= least && number <= most
            ? number
            : throw new InvalidImageException(ErrorIds.BadAppliance, Name, -1, $"{key} is '{Shown.Text(text)}', not a number from {least} to {most}");
    }

    public static VmxFile Read(ByteStore store)
    {
        if (store.Length > MaxBytes)
            throw new InvalidImageException(ErrorIds.TooLarge, store.Name, -1, $"a VMX of {store.Length} bytes is larger than the {MaxBytes} allowed");
        var file = new VmxFile(store.Name);
        var number = 0;
        foreach (var raw in Text(store.ReadBytes(0, (int)store.Length)).Split('\n'))
        {
            number++;
            var line = raw.Trim(' ', '\t', '\r', '\uFEFF');
            if (line.Length == 0 || line[0] == '#')
                continue;
            var equals = line.IndexOf('=');
            if (equals < 1)
                throw new InvalidImageException(ErrorIds.BadAppliance, store.Name, -1, $"line {number} is '{Shown.Text(line)}', not of the form key = \"value\"");
            file._values[line.Substring(0, equals).TrimEnd()] = Unescaped(line.Substring(equals + 1).Trim());
            if (file._values.Count > MaxKeys)
                throw new InvalidImageException(ErrorIds.TooLarge, store.Name, -1, $"it has more than {MaxKeys} settings");
        }

        return file;
    }

    /// <summary>UTF-8 where it is that; else one byte a character, which keeps every key and every ASCII value right.</summary>
    private static string Text(byte[] bytes)
    {
        try
        {
            return new UTF8Encoding(false, throwOnInvalidBytes: true).GetString(bytes);
        }
        catch (ArgumentException)
        {
            return Encoding.GetEncoding("ISO-8859-1").GetString(bytes);
        }
    }

    private static string Unescaped(string value)
    {
        if (value.Length >= 2 && value[0] == '"' && value[value.Length - 1] == '"')
            value = value.Substring(1, value.Length - 2);
        if (value.IndexOf('|') < 0)
            return value;
        var text = new StringBuilder();
        for (var i = 0; i < value.Length; i++)
        {
            if (value[i] == '|' && i + 2 < value.Length && Uri.IsHexDigit(value[i + 1]) && Uri.IsHexDigit(value[i + 2]))
            {
                text.Append((char)Convert.ToInt32(value.Substring(i + 1, 2), 16));
                i += 2;
            }
            else
            {
                text.Append(value[i]);
            }
        }

        return text.ToString();
    }
}
