using OsMigrate.Bytes;

namespace OsMigrate.Disks.Vmdk;

/// <summary>What stands at a place of an extent.</summary>
internal enum VmdkRunKind
{
    /// <summary>Stored here.</summary>
    Data,

    /// <summary>Known to be zeros, whatever a parent holds.</summary>
    Zero,

    /// <summary>Not stored here: the parent's content, or zeros without one.</summary>
    Absent,
}

/// <summary>A piece of the disk, stored in one way. Offsets count from the start of the extent, in bytes. Reads may come from several threads.</summary>
internal abstract class VmdkExtent(long length) : IDisposable
{
    public long Length => length;

    /// <summary>The longest run of one kind that is cheap to find; never empty, never past the end.</summary>
    public abstract (VmdkRunKind Kind, long Length) Run(long offset);

    /// <summary>Reads bytes of a run of the kind <see cref="VmdkRunKind.Data"/>.</summary>
    public abstract void Read(long offset, Span<byte> buffer);

    public void Dispose()
    {
        Dispose(disposing: true);
        GC.SuppressFinalize(this);
    }

    protected virtual void Dispose(bool disposing)
    {
    }
}

/// <summary>Plain bytes in a file, from an offset on.</summary>
internal sealed class VmdkFlatExtent(ByteStore store, long start, long length) : VmdkExtent(length)
{
    public override (VmdkRunKind Kind, long Length) Run(long offset)
    {
        var extent = store.NextExtent(start + offset);
        return (extent.Kind == ExtentKind.Zero ? VmdkRunKind.Zero : VmdkRunKind.Data, Math.Min(extent.Length, Length - offset));
    }

    public override void Read(long offset, Span<byte> buffer) => store.Read(start + offset, buffer);

    protected override void Dispose(bool disposing)
    {
        if (disposing)
            store.Dispose();
    }
}

/// <summary>Zeros.</summary>
internal sealed class VmdkZeroExtent(long length) : VmdkExtent(length)
{
    public override (VmdkRunKind Kind, long Length) Run(long offset) => (VmdkRunKind.Zero, Length - offset);

    public override void Read(long offset, Span<byte> buffer) => buffer.Clear();
}
