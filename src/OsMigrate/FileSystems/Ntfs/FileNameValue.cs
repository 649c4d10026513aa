namespace OsMigrate.FileSystems.Ntfs;

/// <summary>Which rules a name follows.</summary>
internal enum NameSpace : byte
{
    Posix = 0,
    Win32 = 1,
    Dos = 2,

    /// <summary>One name that serves as long and as short name.</summary>
    Win32AndDos = 3,
}

/// <summary>The value of $FILE_NAME, which is also the key of a folder's index.</summary>
/// <remarks>Source: flatcap NTFS documentation, "$FILE_NAME". Times are FILETIME.</remarks>
internal sealed record FileNameValue
{
    public const int HeaderSize = 0x42;

    /// <summary>Bit of <see cref="Flags"/> that marks a folder here.</summary>
    public const uint FolderFlag = 0x1000_0000;

    public FileReference Parent { get; init; }

    public long Created { get; init; }

    public long Modified { get; init; }

    public long Changed { get; init; }

    public long Accessed { get; init; }

    public long AllocatedBytes { get; init; }

    public long DataBytes { get; init; }

    public uint Flags { get; init; }

    public uint ReparseTag { get; init; }

    public NameSpace NameSpace { get; init; }

    public string Name { get; init; } = "";

    public bool IsFolder => (Flags & FolderFlag) != 0;

    /// <summary>Null when the bytes are too short for what they say.</summary>
    public static FileNameValue? TryParse(ReadOnlySpan<byte> bytes)
        => bytes.Length < HeaderSize || bytes.Length < HeaderSize + (2 * bytes[64]) ? null : new FileNameValue
        {
            Parent = FileReference.Parse(bytes, 0),
            Created = Le.I64(bytes, 8),
            Modified = Le.I64(bytes, 16),
            Changed = Le.I64(bytes, 24),
            Accessed = Le.I64(bytes, 32),
            AllocatedBytes = Le.I64(bytes, 40),
            DataBytes = Le.I64(bytes, 48),
            Flags = Le.U32(bytes, 56),
            ReparseTag = Le.U32(bytes, 60),
            NameSpace = (NameSpace)bytes[65],
            Name = Le.Text(bytes, HeaderSize, bytes[64]),
        };

    /// <summary>The name alone; cheaper than a whole parse.</summary>
    public static string NameOf(ReadOnlySpan<byte> key) => Le.Text(key, HeaderSize, key[64]);

    public byte[] ToBytes()
    {
        var bytes = new byte[HeaderSize + (2 * Name.Length)];
        Le.Put64(bytes, 0, Parent.Raw);
        Le.Put64(bytes, 8, Created);
        Le.Put64(bytes, 16, Modified);
        Le.Put64(bytes, 24, Changed);
        Le.Put64(bytes, 32, Accessed);
        Le.Put64(bytes, 40, AllocatedBytes);
        Le.Put64(bytes, 48, DataBytes);
        Le.Put32(bytes, 56, Flags);
        Le.Put32(bytes, 60, ReparseTag);
        bytes[64] = (byte)Name.Length;
        bytes[65] = (byte)NameSpace;
        Le.PutText(bytes, HeaderSize, Name);
        return bytes;
    }
}
