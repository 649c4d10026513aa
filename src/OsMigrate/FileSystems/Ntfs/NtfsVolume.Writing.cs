using OsMigrate.Bytes;
using OsMigrate.FileSystems.Ntfs.Writing;

namespace OsMigrate.FileSystems.Ntfs;

/// <content>
/// Changes to the volume. Each is one step: on an error nothing is changed. The store must be writable; give an <see cref="OverlayStore"/>, since the
/// order of the writes protects nothing. An <see cref="NtfsFile"/> got before a change may show what was before it: find it again.
/// </content>
public sealed partial class NtfsVolume
{
    private long? _allocationHint;

    /// <summary>Write even when the log is not clean, the volume is marked for a check, or Windows is hibernated in it. Changes waiting in the log are lost.</summary>
    public bool WriteUnclean { get; set; }

    /// <summary>The time that changes are stamped with; UTC.</summary>
    internal Func<DateTime> Clock { get; set; } = static () => DateTime.UtcNow;

    /// <summary>The checks before the first change are done and the log is empty.</summary>
    internal bool IsOpenForWriting { get; set; }

    /// <summary>Where free clusters were found last; at first behind the room that Windows keeps for the MFT.</summary>
    internal long AllocationHint
    {
        get => _allocationHint ?? (Layout.Boot.MftCluster + (Layout.Boot.ClusterCount / 8)) % Layout.Boot.ClusterCount;
        set => _allocationHint = value % Layout.Boot.ClusterCount;
    }

    /// <summary>No record below this is free.</summary>
    internal long RecordHint { get; set; }

    /// <summary>Makes a new file in a folder that exists.</summary>
    /// <exception cref="OsMigrateException">
    /// <see cref="ErrorIds.VolumePathExists"/>, <see cref="ErrorIds.VolumePathNotFound"/> for the folder, <see cref="ErrorIds.VolumeFull"/>,
    /// <see cref="ErrorIds.VolumeUnclean"/>.
    /// </exception>
    public NtfsFile CreateFile(string path, ByteStore content, FileAttributes attributes = FileAttributes.Archive)
        => FindMade(path, VolumeEdit.Run(this, e => NewEntry.MakeFile(e, path, content, attributes)));

    /// <summary>Makes a new file with content from memory.</summary>
    public NtfsFile CreateFile(string path, byte[] content) => CreateFile(path, new MemoryStore(content));

    /// <summary>Makes a folder and those above it that are missing; one that exists is returned as it is.</summary>
    public NtfsFile CreateFolder(string path)
        => FindMade(path, VolumeEdit.Run(this, e => NewEntry.MakeFolders(e, SplitPath(path))));

    /// <summary>Gives a file other content. Its record, names, security, attributes and streams stay; clusters are kept as far as they serve.</summary>
    /// <param name="content">Must not be read from the file itself.</param>
    public NtfsFile Replace(string path, ByteStore content)
        => FindMade(path, VolumeEdit.Run(this, e => Replacement.Run(e, path, content)));

    public NtfsFile Replace(string path, byte[] content) => Replace(path, new MemoryStore(content));

    /// <summary>Deletes a file or an empty folder. A file with several names in folders loses this one only.</summary>
    public void Delete(string path) => VolumeEdit.Run(this, e => Removal.Run(e, path));

    /// <summary>Sets read-only, hidden, system, archive and the like; what NTFS itself decides (folder, compressed, sparse) stays.</summary>
    public void SetAttributes(string path, FileAttributes attributes) => VolumeEdit.Run(this, e => AttributeChange.Run(e, path, attributes));

    private NtfsFile FindMade(string path, FileReference made)
        => Find(path) is { } file && file.Reference == made ? file : throw Layout.Bad(-1, $"'{path}' was written, but is not found again");
}
