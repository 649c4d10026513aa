using OsMigrate.Bytes;

namespace OsMigrate.FileSystems.Ntfs;

/// <summary>The master file table: records by number, read when needed and kept.</summary>
internal sealed class Mft
{
    public const long MftNumber = 0;
    public const long MirrorNumber = 1;
    public const long LogFileNumber = 2;
    public const long VolumeNumber = 3;
    public const long RootNumber = 5;
    public const long BitmapNumber = 6;
    public const long BadClustersNumber = 8;
    public const long SecureNumber = 9;
    public const long UpCaseNumber = 10;

    /// <summary>Records below this belong to NTFS itself.</summary>
    public const long FirstUserNumber = 24;

    /// <summary>Windows allows no longer attribute list.</summary>
    public const int MaxAttributeList = 256 * 1024;

    private const int MaxKept = 16384;

    private readonly Dictionary<long, MftRecord> _kept = [];
    private readonly object _gate = new();
    private readonly NtfsLayout _layout;
    private RunStore? _content;

    public Mft(NtfsLayout layout) => _layout = layout;

    /// <summary>The content of $MFT; opened by need, again after <see cref="Forget()"/>.</summary>
    public RunStore Content
    {
        get
        {
            lock (_gate)
                return _content ??= new MftStart(_layout).Open();
        }
    }

    public long Count => Content.Length / _layout.Boot.RecordSize;

    /// <summary>Records that have ever been written; those behind are room for more.</summary>
    public long WrittenCount => Content.InitializedBytes / _layout.Boot.RecordSize;

    /// <summary>Where a record lies on the volume; -1 where it was never written.</summary>
    public long PlaceOf(long number) => Content.PlaceOf(number * _layout.Boot.RecordSize);

    /// <exception cref="InvalidImageException">There is no such record, or it is damaged.</exception>
    public MftRecord Read(long number)
    {
        lock (_gate)
        {
            if (_kept.TryGetValue(number, out var kept))
                return kept;
        }

        var content = Content;
        if (number < 0 || number >= Count)
            throw _layout.Bad(-1, $"record {number} of the MFT is named, which has {Count} records");
        var bytes = content.ReadBytes(number * _layout.Boot.RecordSize, _layout.Boot.RecordSize);
        var record = MftRecord.Parse(number, bytes, _layout.Boot.ClusterCount, _layout.Name, PlaceOf(number));
        lock (_gate)
        {
            if (_kept.Count >= MaxKept)
                _kept.Clear();
            _kept[number] = record;
        }

        return record;
    }

    /// <summary>A record that must be in use with the given sequence number; 0 as sequence fits all.</summary>
    public MftRecord Read(FileReference reference)
    {
        var record = Read(reference.Number);
        if (!record.IsInUse || (reference.Sequence != 0 && record.Sequence != reference.Sequence))
            throw _layout.Bad(PlaceOf(reference.Number), $"record {reference.Number} is named with sequence {reference.Sequence}, but is {(record.IsInUse ? $"in use with sequence {record.Sequence}" : "free")}");
        return record;
    }

    /// <summary>Drops what is kept of a record that has been written.</summary>
    public void Forget(long number)
    {
        lock (_gate)
        {
            _kept.Remove(number);
            if (number == MftNumber)
                _content = null;
        }
    }

    /// <summary>Drops everything kept, after an edit that was taken back or that moved the MFT itself.</summary>
    public void Forget()
    {
        lock (_gate)
        {
            _kept.Clear();
            _content = null;
        }
    }
}
