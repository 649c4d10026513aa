using OsMigrate.Bytes;

namespace OsMigrate.FileSystems.Ntfs;

/// <summary>A file or folder on NTFS. What the index says is known at once; the file's own record is read by need.</summary>
public sealed class NtfsFile : FileEntry
{
    /// <summary>Reparse tag of files that the Windows Overlay Filter keeps compressed (compact.exe /exe, wimboot).</summary>
    public const uint OverlayFilterTag = 0x8000_0017;

    /// <summary>Reparse tag of deduplicated files.</summary>
    public const uint DeduplicationTag = 0x8000_0013;

    /// <summary>Records below this are NTFS's own files, which a folder does not show.</summary>
    internal const long FirstShownNumber = 16;

    private static readonly char[] Separators = ['/', '\\', '\0'];

    private readonly FileNameValue? _entry;
    private FileRecord? _record;

    internal NtfsFile(NtfsVolume volume, FileReference reference, FileNameValue? entry)
        => (Volume, Reference, _entry) = (volume, reference, entry);

    public NtfsVolume Volume { get; }

    /// <summary>The file's record in the MFT.</summary>
    public FileReference Reference { get; }

    /// <summary>As the index has it; what no file system allows in a name is replaced, so that a damaged name is no path.</summary>
    public override string Name => _entry is null ? "" : Safe(_entry.Name);

    public override bool IsFolder => Record.Head.IsFolder;

    public override long SizeBytes => IsFolder ? 0 : Record.Find(AttributeType.Data)?.DataBytes ?? 0;

    public override DateTime? CreatedTime => Time(static s => s.Created);

    public override DateTime? ModifiedTime => Time(static s => s.Modified);

    public override DateTime? AccessedTime => Time(static s => s.Accessed);

    /// <summary>When anything about the file last changed, its attributes included.</summary>
    public DateTime? ChangedTime => Time(static s => s.Changed);

    public FileAttributes Attributes => (FileAttributes)(Record.Standard?.Attributes ?? 0) | (IsFolder ? FileAttributes.Directory : 0);

    /// <summary>Id of the security descriptor in $Secure; 0 where the file has a descriptor of its own.</summary>
    public uint SecurityId => Record.Standard?.SecurityId ?? 0;

    /// <summary>What kind of reparse point the file is; 0 for none.</summary>
    public uint ReparseTag
        => Record.Find(AttributeType.ReparsePoint) is { DataBytes: >= 4 } a ? Le.U32(a.Open(Volume.Layout, Name).ReadBytes(0, 4), 0) : 0;

    /// <summary>Names of the file in all its folders, with short names.</summary>
    public IReadOnlyList<string> Names => Record.Names.Select(static n => n.Name).ToList();

    /// <summary>Folders that have the file under a long name; more than one entry for a file with hard links.</summary>
    public int LinkCount => Record.Names.Count(static n => n.NameSpace != NameSpace.Dos);

    /// <summary>The unnamed stream, which is the content, and all named ones.</summary>
    public IReadOnlyList<NtfsStream> Streams
        => Record.Attributes.Where(static a => a.Type == AttributeType.Data)
            .Select(static a => new NtfsStream(a.Name, a.DataBytes, a.IsCompressed, a.IsSparse, a.IsEncrypted, a.IsResident)).ToList();

    internal FileRecord Record => _record ??= FileRecord.Load(Volume.Layout, Volume.Mft, Reference);

    public override ByteStore OpenContent()
    {
        if (IsFolder)
            throw new OsMigrateException(ErrorIds.UnsupportedFeature, ErrorKind.InvalidArgument, $"'{Name}' is a folder and has no content to read.", Name);
        if (ReparseTag is OverlayFilterTag or DeduplicationTag)
        {
            var how = ReparseTag == OverlayFilterTag ? "compressed by Windows' overlay filter (compact /exe)" : "deduplicated";
            throw new OsMigrateException(ErrorIds.UnsupportedFeature, ErrorKind.NotSupported, $"'{Name}' is {how}; such files are not read.", Name);
        }

        return OpenStream("");
    }

    /// <summary>Opens a stream by its name without colon; "" is the content.</summary>
    public ByteStore OpenStream(string name)
    {
        var label = name.Length == 0 ? Name : $"{Name}:{name}";
        var data = Record.Find(AttributeType.Data, name);
        if (data is null && name.Length == 0)
            return new MemoryStore([], label);
        if (data is null)
            throw new OsMigrateException(ErrorIds.VolumePathNotFound, ErrorKind.NotFound, $"'{Name}' has no stream '{name}'.", Name);
        if (data.IsEncrypted)
            throw new OsMigrateException(ErrorIds.UnsupportedFeature, ErrorKind.NotSupported, $"'{label}' is encrypted (EFS) and cannot be read.", Name);
        return data.Open(Volume.Layout, label);
    }

    public override IEnumerable<FileEntry> Children()
    {
        if (!IsFolder)
            yield break;
        foreach (var entry in new IndexReader(Record, FolderIndex.Name).All())
        {
            var name = FileNameValue.TryParse(entry.Key)!;
            if (name.NameSpace != NameSpace.Dos && entry.File.Number >= FirstShownNumber)
                yield return new NtfsFile(Volume, entry.File, name);
        }
    }

    public override FileEntry? FindChild(string name)
    {
        if (!IsFolder)
            return null;
        var entry = FolderIndex.Find(new IndexReader(Record, FolderIndex.Name), Volume.UpCase, name);
        return entry is null ? null : new NtfsFile(Volume, entry.File, FileNameValue.TryParse(entry.Key));
    }

    private DateTime? Time(Func<StandardInformation, long> which)
        => Record.Standard is { } standard ? StandardInformation.TimeOf(which(standard)) : null;

    private static string Safe(string name)
        => name.IndexOfAny(Separators) < 0 && name is not ("" or "." or "..") ? name : name is "" or "." or ".." ? "_" : name.Replace('/', '_').Replace('\\', '_').Replace('\0', '_');
}
