using System.Buffers.Binary;
using System.Text;

namespace OsMigrate.Registry;

/// <summary>The header of a hive or of its log: "regf".</summary>
internal static class BaseBlock
{
    public const int PrimarySequence = 4;
    public const int SecondarySequence = 8;
    public const int Timestamp = 12;
    public const int Major = 20;
    public const int Minor = 24;
    public const int FileType = 28;
    public const int FileFormat = 32;
    public const int RootCell = 36;
    public const int DataLength = 40;
    public const int ClusterFactor = 44;
    public const int FileName = 48;
    public const int Checksum = 508;

    public static bool HasSignature(ReadOnlySpan<byte> header)
        => header.Length >= 4 && header[0] == 'r' && header[1] == 'e' && header[2] == 'g' && header[3] == 'f';

    public static int Get(ReadOnlySpan<byte> header, int field) => BinaryPrimitives.ReadInt32LittleEndian(header.Slice(field));

    public static void Put(Span<byte> header, int field, int value) => BinaryPrimitives.WriteInt32LittleEndian(header.Slice(field), value);

    public static long GetTimestamp(ReadOnlySpan<byte> header) => BinaryPrimitives.ReadInt64LittleEndian(header.Slice(Timestamp));

    /// <summary>All 32-bit words before the checksum, by exclusive or; 0 and -1 are moved aside.</summary>
    public static uint Sum(ReadOnlySpan<byte> header)
    {
        var sum = 0u;
        for (var i = 0; i < Checksum; i += 4)
            sum ^= BinaryPrimitives.ReadUInt32LittleEndian(header.Slice(i));
        return sum switch { 0 => 1, uint.MaxValue => uint.MaxValue - 1, _ => sum };
    }

    public static bool HasRightSum(ReadOnlySpan<byte> header) => (uint)Get(header, Checksum) == Sum(header);

    public static bool IsComplete(ReadOnlySpan<byte> header) => Get(header, PrimarySequence) == Get(header, SecondarySequence);

    /// <summary>The tail of the path that Windows noted when it last loaded the hive.</summary>
    public static string Path(ReadOnlySpan<byte> header)
    {
        var text = Encoding.Unicode.GetString(header.Slice(FileName, 64).ToArray());
        var end = text.IndexOf('\0');
        return end < 0 ? text : text.Substring(0, end);
    }

    /// <summary>Marks the header as that of a hive written out completely, one step on.</summary>
    public static void Complete(Span<byte> header, long timestamp)
    {
        var next = unchecked((int)Math.Max((uint)Get(header, PrimarySequence), (uint)Get(header, SecondarySequence)) + 1);
        Put(header, PrimarySequence, next);
        Put(header, SecondarySequence, next);
        BinaryPrimitives.WriteInt64LittleEndian(header.Slice(Timestamp), timestamp);
        Put(header, Checksum, unchecked((int)Sum(header)));
    }
}
