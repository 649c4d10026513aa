using OsMigrate.Bytes;

namespace OsMigrate.FileSystems;

/// <summary>One file or folder of a volume.</summary>
public abstract class FileEntry
{
    /// <summary>The name without its folder; empty for the root.</summary>
    public abstract string Name { get; }

    public abstract bool IsFolder { get; }

    /// <summary>Bytes of content; 0 for a folder.</summary>
    public abstract long SizeBytes { get; }

    /// <summary>Where a symbolic link leads, as it is written; null for anything else.</summary>
    public virtual string? LinkTarget => null;

    /// <summary>When the file was made, in UTC (or the local time of the writer where the format has no zone); null where it is not recorded.</summary>
    public virtual DateTime? CreatedTime => null;

    /// <summary>When the content was last written.</summary>
    public virtual DateTime? ModifiedTime => null;

    /// <summary>When the file was last read, as far as the format records that.</summary>
    public virtual DateTime? AccessedTime => null;

    /// <summary>The content; exactly <see cref="SizeBytes"/> long. The volume's own store stays with its owner.</summary>
    /// <exception cref="OsMigrateException">The entry is a folder, or is stored in a way that is not read here.</exception>
    public abstract ByteStore OpenContent();

    /// <summary>The entries of a folder in the order of the volume, without "." and ".."; empty for a file.</summary>
    public abstract IEnumerable<FileEntry> Children();

    /// <summary>The child of that name, without regard to case; null when there is none.</summary>
    public virtual FileEntry? FindChild(string name)
        => Children().FirstOrDefault(c => string.Equals(c.Name, name, StringComparison.OrdinalIgnoreCase));
}
