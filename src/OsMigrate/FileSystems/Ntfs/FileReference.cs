namespace OsMigrate.FileSystems.Ntfs;

/// <summary>Names an MFT record: its number, and how often the record had been used for another file before.</summary>
public readonly record struct FileReference(long Number, ushort Sequence)
{
    internal static FileReference Parse(ReadOnlySpan<byte> bytes, int at)
    {
        var raw = Le.U64(bytes, at);
        return new FileReference((long)(raw & 0xFFFF_FFFF_FFFF), (ushort)(raw >> 48));
    }

    internal ulong Raw => (ulong)Number | ((ulong)Sequence << 48);
}
