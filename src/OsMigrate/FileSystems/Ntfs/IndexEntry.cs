namespace OsMigrate.FileSystems.Ntfs;

/// <summary>One entry of an index node. The last of a node has no key.</summary>
/// <remarks>Source: flatcap NTFS documentation, "Index Entry".</remarks>
internal sealed record IndexEntry
{
    public const int HeaderSize = 16;
    public const int HasChild = 1;
    public const int IsEnd = 2;
    public const long NoChild = -1;

    /// <summary>In a folder the file reference; in a view index where its data lies.</summary>
    public ulong Head { get; init; }

    public byte[] Key { get; init; } = [];

    /// <summary>What stands between key and child: the data of a view index.</summary>
    public byte[] Data { get; init; } = [];

    /// <summary>The node with the entries before this one; <see cref="NoChild"/> in a leaf.</summary>
    public long Child { get; init; } = NoChild;

    public bool IsLast { get; init; }

    public FileReference File => new((long)(Head & 0xFFFF_FFFF_FFFF), (ushort)(Head >> 48));

    public string Name => FileNameValue.NameOf(Key);

    /// <summary>Bytes of the entry as written.</summary>
    public int Size => (IsLast ? HeaderSize : Le.Align8(HeaderSize + Key.Length + Data.Length)) + (Child == NoChild ? 0 : 8);

    public static IndexEntry End(long child) => new() { IsLast = true, Child = child };

    /// <summary>Parses the entry at the beginning of <paramref name="bytes"/>.</summary>
    /// <param name="isFolder">The keys are file names, whose lengths are checked.</param>
    /// <returns>Null when the entry is malformed.</returns>
    public static IndexEntry? TryParse(ReadOnlySpan<byte> bytes, bool isFolder, out int size)
    {
        size = bytes.Length < HeaderSize ? 0 : Le.U16(bytes, 8);
        if (size < HeaderSize || size > bytes.Length || (size & 7) != 0)
            return null;
        int keySize = Le.U16(bytes, 10), flags = Le.U16(bytes, 12);
        var end = size - ((flags & HasChild) != 0 ? 8 : 0);
        if (end < HeaderSize)
            return null;
        var child = (flags & HasChild) != 0 ? Le.I64(bytes, size - 8) : NoChild;
        if ((flags & HasChild) != 0 && child < 0)
            return null;
        if ((flags & IsEnd) != 0)
            return End(child);
        if (keySize > end - HeaderSize || (isFolder && FileNameValue.TryParse(bytes.Slice(HeaderSize, keySize)) is null))
            return null;
        return new IndexEntry
        {
            Head = Le.U64(bytes, 0),
            Key = bytes.Slice(HeaderSize, keySize).ToArray(),
            Data = isFolder ? [] : bytes.Slice(HeaderSize + keySize, end - HeaderSize - keySize).ToArray(),
            Child = child,
        };
    }

    public void Write(Span<byte> target)
    {
        target.Slice(0, Size).Clear();
        Le.Put64(target, 0, Head);
        Le.Put16(target, 8, Size);
        Le.Put16(target, 10, Key.Length);
        Le.Put16(target, 12, (Child == NoChild ? 0 : HasChild) | (IsLast ? IsEnd : 0));
        Key.CopyTo(target.Slice(HeaderSize));
        Data.CopyTo(target.Slice(HeaderSize + Key.Length));
        if (Child != NoChild)
            Le.Put64(target, Size - 8, Child);
    }
}
