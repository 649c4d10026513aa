namespace OsMigrate.Bytes;

/// <summary>A store whose bytes lie in others.</summary>
internal interface IPlacedStore
{
    /// <summary>Where a run of bytes lies, piece by piece.</summary>
    /// <exception cref="InvalidImageException"><see cref="ErrorIds.Truncated"/>: the run reaches past the end.</exception>
    IEnumerable<(ByteStore Store, long Start, long Length)> Places(long offset, long length);
}
