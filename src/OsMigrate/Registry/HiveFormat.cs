namespace OsMigrate.Registry;

/// <summary>Numbers of the regf format (Suhanov, "Windows registry file format specification").</summary>
internal static class HiveFormat
{
    /// <summary>Bytes before the first hive bin; every cell offset counts from here.</summary>
    public const int BaseBlockLength = 4096;

    public const int BinHeaderLength = 32;

    /// <summary>Hive bins are a multiple of this many bytes.</summary>
    public const int BinUnit = 4096;

    /// <summary>An offset that points nowhere.</summary>
    public const int Nil = -1;

    /// <summary>Most bytes of value data in one cell; from version 1.4 on longer data is split ("db").</summary>
    public const int SegmentLength = 16344;

    /// <summary>Longest value data taken or read, in bytes.</summary>
    public const int MaximumValueLength = 256 * 1024 * 1024;

    public const int MaximumHiveLength = 512 * 1024 * 1024;

    /// <summary>Windows allows 512 levels of keys.</summary>
    public const int MaximumDepth = 512;

    /// <summary>Windows' limit for a key's name, in characters; longer names are read, not written.</summary>
    public const int MaximumKeyName = 255;

    /// <summary>Windows' limit for a value's name, in characters.</summary>
    public const int MaximumValueName = 16383;

    /// <summary>Entries of one leaf before it is split under an index root: as many as fit into a bin of 4 KiB.</summary>
    public const int MaximumLeafEntries = 507;

    public const ushort Nk = 0x6B6E;
    public const ushort Vk = 0x6B76;
    public const ushort Sk = 0x6B73;
    public const ushort Lf = 0x666C;
    public const ushort Lh = 0x686C;
    public const ushort Li = 0x696C;
    public const ushort Ri = 0x6972;
    public const ushort Db = 0x6264;
}
