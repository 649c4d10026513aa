using System.Globalization;
using System.Text;

namespace OsMigrate.Appliances.Tar;

/// <summary>Writes files one after another into a tar archive.</summary>
/// <remarks>IEEE Std 1003.1, pax, "ustar Interchange Format"; sizes of 8 GiB and more in GNU's base-256 form, which all readers of OVAs know.</remarks>
public sealed class TarWriter(Stream target)
{
    private const int BlockSize = 512;
    private const long OctalLimit = 1L << 33;

    private static readonly byte[] Padding = new byte[BlockSize];

    /// <param name="name">At most 100 ASCII characters.</param>
    /// <param name="copy">Writes exactly <paramref name="length"/> bytes.</param>
    public void Add(string name, long length, Action<Stream> copy)
    {
        var header = Header(name, length);
        target.Write(header, 0, header.Length);
        copy(target);
        var rest = (int)(length % BlockSize);
        if (rest > 0)
            target.Write(Padding, 0, BlockSize - rest);
    }

    /// <summary>Two empty blocks end the archive.</summary>
    public void Finish()
    {
        target.Write(Padding, 0, BlockSize);
        target.Write(Padding, 0, BlockSize);
    }

    private static byte[] Header(string name, long length)
    {
        var header = new byte[BlockSize];
        Put(header, 0, name);
        Put(header, 100, "0000644");
        Put(header, 108, "0000000");
        Put(header, 116, "0000000");
        if (length < OctalLimit)
        {
            Put(header, 124, Octal(length, 11));
        }
        else
        {
            header[124] = 0x80;
            for (var i = 0; i < 8; i++)
                header[135 - i] = (byte)(length >> (8 * i));
        }

        Put(header, 136, Octal(DateTimeOffset.UtcNow.ToUnixTimeSeconds(), 11));
        header[156] = (byte)'0';
        Put(header, 257, "ustar");
        Put(header, 263, "00");
        // The checksum counts its own field as spaces.
        for (var i = 148; i < 156; i++)
            header[i] = (byte)' ';
        Put(header, 148, Octal(header.Sum(static b => b), 6) + "\0");
        return header;
    }

    private static string Octal(long value, int digits) => Convert.ToString(value, 8).PadLeft(digits, '0');

    private static void Put(byte[] header, int at, string text) => Encoding.ASCII.GetBytes(text, 0, text.Length, header, at);
}
