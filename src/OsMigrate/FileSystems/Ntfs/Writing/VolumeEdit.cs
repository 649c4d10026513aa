using OsMigrate.Bytes;

namespace OsMigrate.FileSystems.Ntfs.Writing;

/// <summary>One operation on a volume: everything it changes is held back until all of it is known to succeed.</summary>
internal sealed class VolumeEdit
{
    private readonly Dictionary<long, FileEdit> _files = [];
    private readonly Dictionary<long, FolderTree> _folders = [];
    private readonly EditJournal _journal;
    private FreeClusters? _clusters;

    private VolumeEdit(NtfsVolume volume)
    {
        Volume = volume;
        _journal = (EditJournal)volume.Layout.Store;
        Records = new FreeRecords(this);
        Now = volume.Clock().ToFileTimeUtc();
    }

    public NtfsVolume Volume { get; }

    public NtfsLayout Layout => Volume.Layout;

    public Mft Mft => Volume.Mft;

    public FreeClusters Clusters => _clusters ??= new FreeClusters(this);

    public FreeRecords Records { get; }

    /// <summary>The time of the operation as FILETIME.</summary>
    public long Now { get; }

    /// <summary>Runs an operation. On an error nothing is changed.</summary>
    public static T Run<T>(NtfsVolume volume, Func<VolumeEdit, T> operation)
    {
        WriteGate.Check(volume);
        var edit = new VolumeEdit(volume);
        try
        {
            var result = operation(edit);
            edit.Save();
            WriteGate.Open(volume);
            edit._journal.Commit();
            return result;
        }
        catch
        {
            edit._journal.Drop();
            volume.Mft.Forget();
            volume.RecordHint = 0;
            throw;
        }
    }

    /// <summary>A file, the same object each time, so that changes from several sides add up.</summary>
    public FileEdit File(FileReference reference)
    {
        if (!_files.TryGetValue(reference.Number, out var file))
            _files[reference.Number] = file = FileEdit.Open(this, reference);
        return file;
    }

    public FileEdit NewFile(int flags)
    {
        var head = Records.Take(default, flags);
        return _files[head.Number] = FileEdit.New(this, head);
    }

    /// <summary>No longer to be saved: its records have been freed.</summary>
    public void Drop(FileEdit file)
    {
        _files.Remove(file.Reference.Number);
        _folders.Remove(file.Reference.Number);
    }

    public FolderTree Folder(FileReference reference)
    {
        if (!_folders.TryGetValue(reference.Number, out var folder))
            _folders[reference.Number] = folder = new FolderTree(this, File(reference));
        return folder;
    }

    /// <summary>Writes content into clusters that were free until now: past the journal, since nobody can see them before the operation is done.</summary>
    public void WriteFresh(RunList runs, ByteStore content)
    {
        var cluster = Layout.Boot.ClusterSize;
        var target = new RunStore(_journal.Through, cluster, runs, runs.End * cluster, runs.End * cluster, Layout.Name);
        var buffer = new byte[Math.Min(1 << 20, target.Length)];
        for (long at = 0; at < target.Length; at += buffer.Length)
        {
            var n = (int)Math.Min(buffer.Length, target.Length - at);
            var given = (int)Math.Max(0, Math.Min(n, content.Length - at));
            content.Read(at, buffer.AsSpan(0, given));
            buffer.AsSpan(given, n - given).Clear();
            target.Write(at, buffer.AsSpan(0, n));
        }
    }

    /// <summary>Writes an MFT record, and its copy in $MFTMirr where it has one.</summary>
    public void WriteRecord(long number, byte[] bytes)
    {
        Mft.Content.Write(number * Layout.Boot.RecordSize, bytes);
        if (number < 4 || number * Layout.Boot.RecordSize < Layout.Boot.ClusterSize)
            WriteMirror(number, bytes);
        Mft.Forget(number);
    }

    private void WriteMirror(long number, byte[] bytes)
    {
        using var mirror = Volume.FileAt(Mft.MirrorNumber).OpenStream("");
        if ((number + 1) * Layout.Boot.RecordSize <= mirror.Length)
            mirror.Write(number * Layout.Boot.RecordSize, bytes);
    }

    private void Save()
    {
        foreach (var folder in _folders.Values)
            folder.Save();
        foreach (var file in _files.Values.ToList())
            file.Save();
    }
}
