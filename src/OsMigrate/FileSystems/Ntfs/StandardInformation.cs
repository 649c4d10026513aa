namespace OsMigrate.FileSystems.Ntfs;

/// <summary>The value of $STANDARD_INFORMATION. Times are FILETIME.</summary>
internal readonly record struct StandardInformation
{
    /// <summary>Size before NTFS 3.0: without security id.</summary>
    public const int OldSize = 48;

    public const int Size = 72;

    public long Created { get; init; }

    public long Modified { get; init; }

    public long Changed { get; init; }

    public long Accessed { get; init; }

    public uint Attributes { get; init; }

    /// <summary>Id of the security descriptor in $Secure; 0 where the file has its own.</summary>
    public uint SecurityId { get; init; }

    /// <summary>Null when the value is too short.</summary>
    public static StandardInformation? TryParse(ReadOnlySpan<byte> bytes) => bytes.Length < OldSize ? null : new StandardInformation
    {
        Created = Le.I64(bytes, 0),
        Modified = Le.I64(bytes, 8),
        Changed = Le.I64(bytes, 16),
        Accessed = Le.I64(bytes, 24),
        Attributes = Le.U32(bytes, 32),
        SecurityId = bytes.Length >= Size ? Le.U32(bytes, 52) : 0,
    };

    /// <summary>A FILETIME as UTC; null where it is outside of what a date can be.</summary>
    public static DateTime? TimeOf(long fileTime)
        => fileTime is > 0 and < 2_650_467_743_999_999_999 ? DateTime.FromFileTimeUtc(fileTime) : null;
}
