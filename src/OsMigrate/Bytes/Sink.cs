namespace OsMigrate.Bytes;

/// <summary>Where an encoder writes: bytes in order, and, where the sink allows it, a patch of what was written before.</summary>
/// <remarks>A file can be patched; an upload cannot. One thread at a time.</remarks>
public abstract class Sink : IDisposable
{
    /// <summary>Bytes appended so far, zeros included.</summary>
    public long Position { get; protected set; }

    /// <summary>How to name the target to a user.</summary>
    public abstract string Name { get; }

    /// <summary>True when <see cref="Patch"/> works.</summary>
    public virtual bool CanPatch => false;

    public abstract void Append(ReadOnlySpan<byte> data);

    /// <summary>Appends part of a shared buffer; a sink that writes later keeps its own reference. The caller must not change the bytes any more.</summary>
    public virtual void Append(SharedBuffer buffer, int start, int length) => Append(buffer.Span(start, length));

    /// <summary>Appends zeros; a file gets a hole.</summary>
    public abstract void AppendZeros(long count);

    /// <summary>Told before the first byte by an encoder that is going to patch, so that nobody takes checksums in vain.</summary>
    public virtual void ExpectPatches()
    {
    }

    /// <summary>Overwrites bytes that were appended before.</summary>
    public virtual void Patch(long offset, ReadOnlySpan<byte> data)
        => throw new NotSupportedException($"'{Name}' is written in order and cannot be patched.");

    public void Dispose()
    {
        Dispose(disposing: true);
        GC.SuppressFinalize(this);
    }

    protected virtual void Dispose(bool disposing)
    {
    }
}
