using OsMigrate.Bytes;

namespace OsMigrate.Disks;

/// <summary>A virtual disk, seen as its content: <see cref="ByteStore.Length"/> is the virtual size and reads give what the guest would read.</summary>
/// <remarks>Owns the stores and parent images it was opened from.</remarks>
public abstract class DiskImage : ByteStore
{
    public abstract DiskFormat Format { get; }

    /// <summary>What the format knows about itself: subformat, chain, snapshots, features.</summary>
    public abstract DiskImageInfo Info { get; }

    /// <summary>Access to blocks that are stored deflated, or null where the format has none. See <see cref="IDeflatedBlocks"/>.</summary>
    public virtual IDeflatedBlocks? DeflatedBlocks => null;
}
