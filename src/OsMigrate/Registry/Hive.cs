using System.Diagnostics.CodeAnalysis;
using OsMigrate.Bytes;

namespace OsMigrate.Registry;

/// <summary>A registry hive (regf) in memory: read, edited, and handed out again as bytes. What it was loaded from is never written.</summary>
/// <remarks>Not for several threads at once. Every fault in the bytes is an <see cref="InvalidImageException"/>.</remarks>
public sealed class Hive
{
    private readonly HiveOptions _options;
    private readonly Dictionary<int, int> _deletedAt = [];
    private readonly Dictionary<int, int> _adopted = [];
    private CellSpace? _space;
    private HiveImage? _pristine;

    internal Hive(HiveImage image, HiveOptions options)
    {
        Image = image;
        _options = options;
        var root = BaseBlock.Get(image.Header, BaseBlock.RootCell);
        Root = new HiveKey(this, null, KeyCell.At(image, root));
    }

    /// <summary>The topmost key; its own name is of no use to anybody.</summary>
    public HiveKey Root { get; }

    /// <summary>How to name the hive to a user.</summary>
    public string Name => Image.Name;

    /// <summary>True when the file was not written out completely: sequence numbers differ or the header's checksum is wrong.</summary>
    public bool IsDirty { get; internal init; }

    /// <summary>True when the logs completed a dirty hive. A dirty hive without usable logs is read as it is and may be inconsistent.</summary>
    public bool LogsReplayed { get; internal init; }

    /// <summary>True when the file ends before its hive bins do.</summary>
    public bool IsTruncated { get; internal init; }

    /// <summary>Format version: 1.3 (Windows NT 4, BCD stores) to 1.6.</summary>
    public Version FormatVersion => new(BaseBlock.Get(Image.Header, BaseBlock.Major), BaseBlock.Get(Image.Header, BaseBlock.Minor));

    /// <summary>The header's time, which newer Windows releases no longer keep up.</summary>
    public DateTime LastWritten => FileTime.Decode(BaseBlock.GetTimestamp(Image.Header));

    /// <summary>The tail of the path Windows noted in the header.</summary>
    public string StoredPath => BaseBlock.Path(Image.Header);

    public int PrimarySequence => BaseBlock.Get(Image.Header, BaseBlock.PrimarySequence);

    public int SecondarySequence => BaseBlock.Get(Image.Header, BaseBlock.SecondarySequence);

    /// <summary>Bytes in the file.</summary>
    public int Length => Image.Length;

    /// <summary>True once anything was changed since loading.</summary>
    public bool IsEdited => _pristine is not null;

    internal HiveImage Image { get; }

    /// <summary>Counts deletions, so that a key object whose cell is gone is recognised even when the cell is used again.</summary>
    internal int Deletions { get; private set; }

    /// <summary>Reads a hive wholly into memory.</summary>
    /// <param name="store">The primary file; needed during this call only.</param>
    /// <param name="log1">NAME.LOG1 or the single log of old releases, NAME.LOG.</param>
    /// <param name="log2">NAME.LOG2.</param>
    /// <exception cref="InvalidImageException">It is no hive, is broken, is too large, or is dirty and <see cref="HiveOptions.RefuseDirty"/> is set.</exception>
    public static Hive Load(ByteStore store, HiveOptions? options = null, ByteStore? log1 = null, ByteStore? log2 = null)
        => HiveLoader.Load(store, options ?? new HiveOptions(), log1, log2);

    /// <summary>A new hive of version 1.5 with an empty root key that SYSTEM and administrators own.</summary>
    public static Hive Create(HiveOptions? options = null) => NewHive.Create(options ?? new HiveOptions());

    /// <summary>The key of a path below the root, or null. Upper and lower case are the same.</summary>
    public HiveKey? Find(string path) => Root.Find(path);

    /// <summary>The hive as a file: sequence numbers raised and equal, header time and checksum set.</summary>
    /// <exception cref="OsMigrateException"><see cref="ErrorIds.RegistrySelfCheck"/>: the result has faults the loaded hive did not have; nothing is handed out.</exception>
    public byte[] ToArray()
    {
        var image = Image.Copy();
        BaseBlock.Complete(image.Header, Now());
        SelfCheck.Run(_pristine, image);
        image.Header.CopyTo(Image.Header);
        return image.File.ToArray();
    }

    /// <summary>Writes <see cref="ToArray"/> to a stream.</summary>
    [SuppressMessage("Performance", "CA1835", Justification = "One call, one array.")]
    public void Save(Stream stream)
    {
        var bytes = ToArray();
        stream.Write(bytes, 0, bytes.Length);
    }

    internal long Now() => FileTime.Encode(_options.Timestamp ?? DateTime.UtcNow);

    /// <summary>To be called before any change.</summary>
    internal CellSpace BeginEdit()
    {
        if (IsTruncated)
            throw new InvalidImageException(ErrorIds.Truncated, Name, Image.Length, "the hive is cut off, so it can be read but not edited");
        _space ??= new CellSpace(Image);
        _pristine ??= Image.Copy();
        return _space;
    }

    internal void NoteDeleted(int offset)
    {
        _deletedAt[offset] = ++Deletions;
        _adopted.Remove(offset);
    }

    internal bool WasDeletedSince(int offset, int moment) => _deletedAt.TryGetValue(offset, out var when) && when > moment;

    /// <summary>Makes sure that a listed key has one parent only, so that no walk can run in circles.</summary>
    /// <remarks>Damaged hives hold keys with a wrong parent pointer; such a key belongs to the first list that it is read from.</remarks>
    internal void CheckParent(HiveKey parent, KeyCell child)
    {
        if (child.Parent == parent.Offset && child.Offset != Root.Offset)
            return;
        var stated = child.Parent;
        if (child.Offset == Root.Offset
            || (_adopted.TryGetValue(child.Offset, out var adopter) && adopter != parent.Offset)
            || (stated != parent.Offset && KeyCell.IsKey(Image, stated) && SubKeyList.Read(Image, KeyCell.At(Image, stated)).Contains(child.Offset)))
        {
            throw Image.Fault(child.Offset, "a key is listed under two parents");
        }

        _adopted[child.Offset] = parent.Offset;
    }
}
