namespace OsMigrate.Bytes;

/// <summary>What is known about a run of bytes without reading it.</summary>
public enum ExtentKind
{
    /// <summary>May hold anything; reading is the only way to know.</summary>
    Data,

    /// <summary>Reads as zeros: a hole, an unallocated grain, a cluster marked zero.</summary>
    Zero,
}

/// <summary>A run of bytes of one kind. Offsets and lengths in bytes.</summary>
public readonly record struct Extent(long Start, long Length, ExtentKind Kind)
{
    /// <summary>First byte after the run.</summary>
    public long End => Start + Length;
}
