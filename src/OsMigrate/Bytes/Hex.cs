namespace OsMigrate.Bytes;

/// <summary>Bytes as hex digits.</summary>
public static class Hex
{
    public static string Lower(byte[] bytes)
    {
        const string digits = "0123456789abcdef";
        var chars = new char[bytes.Length * 2];
        for (var i = 0; i < bytes.Length; i++)
        {
            chars[i * 2] = digits[bytes[i] >> 4];
            chars[(i * 2) + 1] = digits[bytes[i] & 15];
        }

        return new string(chars);
    }
}
