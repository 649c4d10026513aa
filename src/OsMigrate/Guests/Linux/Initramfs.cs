using System.IO.Compression;
using K4os.Compression.LZ4;
using OsMigrate.Bytes;
using ZstdSharp;
using XZStream = SharpCompress.Compressors.Xz.XZStream;

namespace OsMigrate.Guests.Linux;

/// <summary>Lists the files of an initramfs: cpio archives one after another, the last one usually compressed.</summary>
/// <remarks>Source: kernel.org, "initramfs buffer format"; cpio "newc" header: 110 bytes of hex digits. Lz4 of the kernel is the legacy frame (lz4_Frame_format.md, "Legacy frame").</remarks>
internal static class Initramfs
{
    private const int HeaderSize = 110;
    private const long MaxCompressed = 1L << 30;
    private const long MaxExpanded = 4L << 30;
    private const int MaxNames = 1 << 20;
    private const int Lz4Block = 8 << 20;

    /// <exception cref="InvalidImageException">It is compressed in a way that is not read here, or is damaged.</exception>
    public static IEnumerable<string> Names(ByteStore file)
    {
        if (file.Length > MaxCompressed)
            throw new InvalidImageException(ErrorIds.TooLarge, file.Name, 0, $"an initramfs of {file.Length} bytes");
        using var stream = new StoreStream(file);
        for (var at = 0L; at < file.Length - 6;)
        {
            var head = file.ReadBytes(at, 6);
            if (head[0] == 0)
            {
                // Archives are filled up to 4 bytes, and often to a page.
                at++;
                continue;
            }

            stream.Position = at;
            if (IsCpio(head))
            {
                foreach (var name in Archive(stream, file.Name))
                    yield return name;
                at = stream.Position;
                continue;
            }

            using var expanded = Expand(stream, head, file, at);
            foreach (var name in Archive(expanded, file.Name))
                yield return name;
            yield break;
        }
    }

    private static bool IsCpio(byte[] head) => head.AsSpan(0, 5).SequenceEqual("07070"u8) && head[5] is (byte)'1' or (byte)'2';

    private static Stream Expand(Stream stream, byte[] head, ByteStore file, long at)
    {
        if (head[0] == 0x1F && head[1] == 0x8B)
            return new GZipStream(stream, CompressionMode.Decompress, leaveOpen: true);
        if (head.AsSpan(0, 4).SequenceEqual(new byte[] { 0x28, 0xB5, 0x2F, 0xFD }))
            return new DecompressionStream(stream, leaveOpen: true);
        if (head.AsSpan(0, 6).SequenceEqual(new byte[] { 0xFD, 0x37, 0x7A, 0x58, 0x5A, 0 }))
            return new XZStream(stream);
        if (head.AsSpan(0, 4).SequenceEqual(new byte[] { 0x02, 0x21, 0x4C, 0x18 }))
            return new LegacyLz4Stream(stream, file.Name);
        throw new InvalidImageException(ErrorIds.UnsupportedFeature, file.Name, at, $"an initramfs that begins with {Hex.Lower(head)}; cpio, gzip, xz, zstd and lz4 are read");
    }

    /// <summary>Names up to the end mark; leaves the stream behind it.</summary>
    private static IEnumerable<string> Archive(Stream stream, string source)
    {
        var header = new byte[HeaderSize];
        var expanded = 0L;
        for (var count = 0; count < MaxNames; count++)
        {
            if (!Fill(stream, header, HeaderSize))
                yield break;
            if (!IsCpio(header))
                throw new InvalidImageException(ErrorIds.BadStructure, source, -1, "the archive of the initramfs is damaged");
            var (size, nameSize) = (Number(header, 54, source), Number(header, 94, source));
            expanded += size + nameSize;
            if (nameSize is 0 or > 4096 || expanded > MaxExpanded)
                throw new InvalidImageException(ErrorIds.BadStructure, source, -1, $"the archive of the initramfs has a name of {nameSize} bytes, or is too large");
            var name = new byte[nameSize + Padding(HeaderSize + nameSize)];
            if (!Fill(stream, name, name.Length))
                throw new InvalidImageException(ErrorIds.Truncated, source, -1, "the archive of the initramfs ends within a name");
            var text = System.Text.Encoding.UTF8.GetString(name, 0, (int)nameSize - 1);
            if (text == "TRAILER!!!")
                yield break;
            yield return text;
            Skip(stream, size + Padding(size), source);
        }
    }

    private static long Number(byte[] header, int at, string source)
        => long.TryParse(System.Text.Encoding.ASCII.GetString(header, at, 8), System.Globalization.NumberStyles.AllowHexSpecifier, System.Globalization.CultureInfo.InvariantCulture, out var number)
            ? number
            : throw new InvalidImageException(ErrorIds.BadStructure, source, -1, "the archive of the initramfs has a header without numbers");

    private static int Padding(long size) => (int)(-size & 3);

    private static bool Fill(Stream stream, byte[] buffer, int count)
    {
        for (var done = 0; done < count;)
        {
            var n = stream.Read(buffer, done, count - done);
            if (n <= 0)
                return false;
            done += n;
        }

        return true;
    }

    private static void Skip(Stream stream, long count, string source)
    {
        if (stream.CanSeek)
        {
            stream.Position += count;
            return;
        }

        var buffer = new byte[81920];
        while (count > 0)
        {
            var n = stream.Read(buffer, 0, (int)Math.Min(buffer.Length, count));
            if (n <= 0)
                throw new InvalidImageException(ErrorIds.Truncated, source, -1, "the archive of the initramfs ends within a file");
            count -= n;
        }
    }

    /// <summary>Blocks of up to 8 MiB, each after its compressed length.</summary>
    private sealed class LegacyLz4Stream : ReadOnlyStream
    {
        private readonly Stream _packed;
        private readonly string _source;
        private readonly byte[] _block = new byte[Lz4Block];
        private int _at;
        private int _count;

        public LegacyLz4Stream(Stream packed, string source)
        {
            (_packed, _source) = (packed, source);
            Fill(packed, new byte[4], 4);
        }

        public override int Read(byte[] buffer, int offset, int count)
        {
            if (_at == _count && !Next())
                return 0;
            var n = Math.Min(count, _count - _at);
            Array.Copy(_block, _at, buffer, offset, n);
            _at += n;
            return n;
        }

        private bool Next()
        {
            var length = new byte[4];
            if (!Fill(_packed, length, 4))
                return false;
            var packed = new byte[Math.Min(BitConverter.ToUInt32(length, 0), Lz4Block + (Lz4Block / 255) + 16)];
            if (packed.Length == 0 || !Fill(_packed, packed, packed.Length))
                return false;
            (_at, _count) = (0, LZ4Codec.Decode(packed, 0, packed.Length, _block, 0, _block.Length));
            return _count > 0 ? true : throw new InvalidImageException(ErrorIds.BadStructure, _source, -1, "a compressed block of the initramfs is damaged");
        }
    }
}
