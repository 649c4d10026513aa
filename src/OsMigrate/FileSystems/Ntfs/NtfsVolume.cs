using OsMigrate.Bytes;
using OsMigrate.FileSystems.Ntfs.Writing;

namespace OsMigrate.FileSystems.Ntfs;

/// <summary>An NTFS volume: the content of one partition.</summary>
/// <remarks>The store stays with its owner. Reads only what a question needs: records of the MFT and nodes of indexes one by one.</remarks>
public sealed partial class NtfsVolume : FileVolume
{
    private const int DirtyFlag = 1;

    private UpCase? _upCase;

    private NtfsVolume(NtfsLayout layout)
    {
        Layout = layout;
        Mft = new Mft(layout);
    }

    public override string Kind => "NTFS";

    public override string? Label
        => VolumeRecord.Find(AttributeType.VolumeName) is { IsResident: true, Value.Length: > 0 } a ? Le.Text(a.Value, 0, a.Value.Length / 2) : null;

    public override FileEntry Root => FileAt(Mft.RootNumber);

    /// <summary>Version of NTFS: 3.1 since Windows XP.</summary>
    public Version Version => Information is { } v ? new Version(v[8], v[9]) : new Version(0, 0);

    /// <summary>Windows marked the volume for a check at the next start.</summary>
    public bool IsDirty => Information is { } v && (Le.U16(v, 10) & DirtyFlag) != 0;

    public LogFileState LogFile
    {
        get
        {
            using var log = FileAt(Mft.LogFileNumber).OpenStream("");
            return LogFileReader.Read(log);
        }
    }

    public HibernationState Hibernation => HibernationReader.Read(Find("hiberfil.sys"));

    public int ClusterSizeBytes => Layout.Boot.ClusterSize;

    /// <summary>Bytes of an MFT record.</summary>
    public int RecordSizeBytes => Layout.Boot.RecordSize;

    public long SizeBytes => Layout.Boot.UsableBytes;

    /// <summary>Bytes in clusters that no file uses. Reads all of $Bitmap.</summary>
    public long FreeBytes => ClusterBitmap.CountFree(this) * ClusterSizeBytes;

    public ulong SerialNumber => Layout.Boot.SerialNumber;

    internal NtfsLayout Layout { get; }

    internal Mft Mft { get; }

    internal UpCase UpCase => _upCase ??= UpCase.Read(FileAt(Mft.UpCaseNumber).OpenStream(""));

    private FileRecord VolumeRecord => FileRecord.Load(Layout, Mft, new FileReference(Mft.VolumeNumber, 0));

    private byte[]? Information
        => VolumeRecord.Find(AttributeType.VolumeInformation) is { IsResident: true, Value.Length: >= 12 } a ? a.Value : null;

    /// <summary>True when the store begins like NTFS.</summary>
    public static bool Matches(ByteStore store)
        => store.Length >= NtfsBoot.Size && NtfsBoot.Matches(store.ReadBytes(0, NtfsBoot.Size));

    /// <summary>Opens a volume.</summary>
    /// <param name="store">The partition; what is beyond the volume's own size is ignored.</param>
    /// <exception cref="InvalidImageException">It is no NTFS, or its first structures are damaged.</exception>
    public static NtfsVolume Open(ByteStore store)
    {
        if (store.Length < NtfsBoot.Size)
            throw new InvalidImageException(ErrorIds.Truncated, store.Name, 0, $"{store.Length} bytes are no NTFS volume");
        var boot = NtfsBoot.Parse(store.ReadBytes(0, NtfsBoot.Size), store.Name, store.Length);
        var volume = new NtfsVolume(new NtfsLayout(new EditJournal(store), boot));
        if (volume.Mft.Read(Mft.MftNumber).IsInUse && volume.Mft.Read(Mft.RootNumber).IsFolder)
            return volume;
        throw volume.Layout.Bad(volume.Mft.PlaceOf(Mft.RootNumber), "the root is no folder");
    }

    /// <summary>Finds a file or folder; see <see cref="FileVolume.Find"/>.</summary>
    public new NtfsFile? Find(string path) => (NtfsFile?)base.Find(path);

    internal NtfsFile FileAt(long number) => new(this, new FileReference(number, 0), null);

}
