using System.Buffers.Binary;
using System.Text;
using OsMigrate.Bytes;

namespace OsMigrate.Disks.Qcow2;

/// <summary>The optional parts behind the fixed header that matter to a reader.</summary>
/// <remarks>Source: QEMU docs/interop/qcow2.rst, sections "Header extensions", "Feature name table", "Bitmaps extension".</remarks>
internal sealed class Qcow2HeaderExtensions
{
    private const uint EndMarker = 0;
    private const uint BackingFormatMark = 0xE2792ACA;
    private const uint FeatureNamesMark = 0x6803F857;
    private const uint BitmapsMark = 0x23852875;
    private const uint DataFileMark = 0x44415441;
    private const int FeatureNameSize = 48;

    private readonly Dictionary<(byte Type, byte Bit), string> _featureNames = [];

    /// <summary>QEMU's name of the backing file's format; null when the image does not say.</summary>
    public string? BackingFormat { get; private set; }

    /// <summary>Name of the file that holds the content; null when the image does not name one.</summary>
    public string? DataFileName { get; private set; }

    /// <summary>How many persistent dirty bitmaps there are.</summary>
    public uint BitmapCount { get; private set; }

    public ulong BitmapDirectoryOffset { get; private set; }

    public ulong BitmapDirectorySize { get; private set; }

    /// <param name="front">The first cluster of the file, or the whole file when that is shorter.</param>
    /// <param name="start">Where the extensions begin.</param>
    /// <param name="end">Where they end at the latest: at the backing file's name or with the cluster.</param>
    public static Qcow2HeaderExtensions Read(ReadOnlySpan<byte> front, int start, int end, string fileName)
    {
        var extensions = new Qcow2HeaderExtensions();
        var at = start;
        // What lies behind the end of the file counts as the end marker.
        while (at + 8 <= Math.Min(end, front.Length))
        {
            var mark = BinaryPrimitives.ReadUInt32BigEndian(front.Slice(at));
            var size = BinaryPrimitives.ReadUInt32BigEndian(front.Slice(at + 4));
            if (mark == EndMarker)
                break;
            if (size > end - at - 8 || size > front.Length - at - 8)
                throw new InvalidImageException(ErrorIds.BadStructure, fileName, at, $"the header extension {mark:x8} of {size} bytes reaches past the header");
            extensions.Take(mark, front.Slice(at + 8, (int)size), at, fileName);
            at += 8 + (((int)size + 7) & ~7);
        }

        return extensions;
    }

    /// <summary>The name that the image gives to an incompatible feature, or its number.</summary>
    public string FeatureName(int bit)
        => _featureNames.TryGetValue((0, (byte)bit), out var name) && name.Length > 0 ? $"'{name}' (bit {bit})" : $"bit {bit}";

    private void Take(uint mark, ReadOnlySpan<byte> data, int at, string fileName)
    {
        switch (mark)
        {
            case BackingFormatMark:
                if (data.Length > 15)
                    throw new InvalidImageException(ErrorIds.BadStructure, fileName, at, $"the name of the backing file's format has {data.Length} bytes, at most 15 are allowed");
                BackingFormat = Text(data);
                break;
            case DataFileMark:
                DataFileName = Text(data);
                break;
            case FeatureNamesMark:
                for (; data.Length >= FeatureNameSize; data = data.Slice(FeatureNameSize))
                    _featureNames[(data[0], data[1])] = Text(data.Slice(2, FeatureNameSize - 2));
                break;
            case BitmapsMark when data.Length >= 24:
                BitmapCount = BinaryPrimitives.ReadUInt32BigEndian(data);
                BitmapDirectorySize = BinaryPrimitives.ReadUInt64BigEndian(data.Slice(8));
                BitmapDirectoryOffset = BinaryPrimitives.ReadUInt64BigEndian(data.Slice(16));
                break;
        }
    }

    /// <summary>UTF-8 up to the first zero, control characters replaced.</summary>
    internal static string Text(ReadOnlySpan<byte> bytes)
    {
        var end = bytes.IndexOf((byte)0);
        var text = Encoding.UTF8.GetString((end < 0 ? bytes : bytes.Slice(0, end)).ToArray());
        return new string(text.Select(c => char.IsControl(c) ? '?' : c).ToArray());
    }
}
