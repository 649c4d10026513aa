using System.Buffers.Binary;

namespace OsMigrate.Fuzz.Parsers;

/// <summary>Makes the checksums of a damaged image right again.</summary>
internal static class DiskRepairs
{
    public static void Repair(string format, MutableInput input)
    {
        if (format == "vhd")
            RepairVhd(input);
        else if (format == "vhdx")
            RepairVhdx(input);
    }

    /// <summary>Virtual Hard Disk Image Format Specification: one's complement of the sum of the bytes of footer and dynamic header.</summary>
    private static void RepairVhd(MutableInput input)
    {
        foreach (var at in new[] { 0, input.Length - 512 })
        {
            if (Starts(input, at, "conectix"u8))
                Sum(input, at, 512, 64);
        }

        for (var at = 512; at < 4096; at += 512)
        {
            if (Starts(input, at, "cxsparse"u8))
                Sum(input, at, 1024, 36);
        }
    }

    private static void Sum(MutableInput input, int at, int size, int field)
    {
        if (at < 0 || at + size > input.Length)
            return;
        var bytes = input.Change(at, size);
        bytes.Slice(field, 4).Clear();
        uint sum = 0;
        foreach (var value in bytes)
            sum += value;
        BinaryPrimitives.WriteUInt32BigEndian(bytes[field..], ~sum);
    }

    /// <summary>[MS-VHDX] 2.2.2, 2.2.3, 2.3.1: CRC-32C of headers, region tables and log entries.</summary>
    private static void RepairVhdx(MutableInput input)
    {
        foreach (var at in new[] { 64 << 10, 128 << 10 })
        {
            if (Starts(input, at, "head"u8))
                Crc(input, at, 4096);
        }

        foreach (var at in new[] { 192 << 10, 256 << 10 })
        {
            if (Starts(input, at, "regi"u8))
                Crc(input, at, 64 << 10);
        }

        for (var at = 1 << 20; at < 2 << 20; at += 4096)
        {
            if (Starts(input, at, "loge"u8))
                Crc(input, at, (int)Math.Clamp(input.ReadWord(at + 8), 64, 1 << 20));
        }
    }

    private static void Crc(MutableInput input, int at, int size)
    {
        if (at + size > input.Length)
            return;
        var bytes = input.Change(at, size);
        bytes.Slice(4, 4).Clear();
        var crc = uint.MaxValue;
        foreach (var value in bytes)
            crc = System.Numerics.BitOperations.Crc32C(crc, value);
        BinaryPrimitives.WriteUInt32LittleEndian(bytes[4..], ~crc);
    }

    private static bool Starts(MutableInput input, int at, ReadOnlySpan<byte> signature)
        => at >= 0 && at + signature.Length <= input.Length && input.Bytes.AsSpan(at, signature.Length).SequenceEqual(signature);
}
