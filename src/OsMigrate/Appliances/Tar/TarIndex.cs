using System.Globalization;
using OsMigrate.Bytes;

namespace OsMigrate.Appliances.Tar;

/// <summary>Finds the regular files of a tar archive without extracting anything.</summary>
internal sealed class TarIndex
{
    /// <summary>An OVA has a descriptor, a manifest, a certificate and its disks; a hundred are rare, thousands are an attack.</summary>
    public const int MaxMembers = 4096;

    private const int MaxExtendedSize = 1 << 20;

    private readonly ByteStore _store;
    private readonly byte[] _block = new byte[TarHeader.Size];
    private readonly Dictionary<string, TarMember> _members = new(StringComparer.Ordinal);
    private readonly List<TarMember> _inOrder = [];
    private int _headers;
    private string? _longName;
    private long? _longSize;

    private TarIndex(ByteStore store) => _store = store;

    /// <summary>Regular files in the order of the archive; names are unique.</summary>
    public IReadOnlyList<TarMember> Members => _inOrder;

    /// <summary>True when the archive ends without the zero blocks that should close it.</summary>
    public bool EndMissing { get; private set; }

    public static TarIndex Read(ByteStore store)
    {
        var index = new TarIndex(store);
        index.Walk();
        return index;
    }

    public TarMember? Find(string name) => _members.TryGetValue(name, out var member) ? member : null;

    private void Walk()
    {
        long offset = 0;
        while (true)
        {
            var left = (int)Math.Min(TarHeader.Size, _store.Length - offset);
            _store.Read(offset, _block.AsSpan(0, left));
            if (Zeros.AreAll(_block.AsSpan(0, left)))
            {
                EndMissing = left == 0;
                return;
            }

            if (left < TarHeader.Size)
                throw new InvalidImageException(ErrorIds.Truncated, _store.Name, offset, $"the archive ends in the middle of a header, after {left} of {TarHeader.Size} bytes");
            if (++_headers > MaxMembers * 3)
                throw TooMany(offset);
            offset = Take(offset);
        }
    }

    /// <summary>Handles one header and returns where the next one lies.</summary>
    private long Take(long at)
    {
        var header = TarHeader.Parse(_block, _store.Name, at);
        var content = at + TarHeader.Size;
        var regular = header.Type is '0' or '7';
        var size = regular && _longSize is not null ? _longSize.Value : header.SizeBytes;
        if (size < 0 || size > _store.Length - content)
        {
            throw new InvalidImageException(ErrorIds.Truncated, _store.Name, at,
                $"the member '{Shown.Text(_longName ?? header.Name)}' says it has {size} bytes, but only {_store.Length - content} follow");
        }

        switch (header.Type)
        {
            case '0' or '7':
                Add(_longName ?? header.Name, content, size, at);
                (_longName, _longSize) = (null, null);
                break;
            case '5':
                TarNames.Check(_longName ?? header.Name, _store.Name, at);
                (_longName, _longSize) = (null, null);
                break;
            case 'x':
                TakePax(content, size);
                break;
            case 'L':
                _longName = TarHeader.TextField(Extended(content, size));
                break;
            case 'K' or 'g':
                Extended(content, size);
                break;
            default:
                throw new InvalidImageException(ErrorIds.OutsideFolder, _store.Name, at,
                    $"the member '{Shown.Text(_longName ?? header.Name)}' is {KindOf(header.Type)}; only regular files are read from an appliance");
        }

        // The last member's padding may be missing; the loop then finds the end.
        return Math.Min(_store.Length, content + ((size + TarHeader.Size - 1) / TarHeader.Size * TarHeader.Size));
    }

    private void Add(string name, long content, long size, long at)
    {
        var checkedName = TarNames.Check(name, _store.Name, at);

        // Before POSIX a directory was a regular member whose name ends with a slash.
        if (checkedName[checkedName.Length - 1] == '/')
            return;
        if (_inOrder.Count == MaxMembers)
            throw TooMany(at);
        var member = new TarMember(checkedName, content, size);
        if (!_members.TryAdd(checkedName, member))
            throw new InvalidImageException(ErrorIds.BadAppliance, _store.Name, at, $"the archive has two members named '{Shown.Text(checkedName)}', and readers would disagree about which one counts");
        _inOrder.Add(member);
    }

    private void TakePax(long content, long size)
    {
        var records = PaxRecords.Parse(Extended(content, size), _store.Name, content);
        if (records.Keys.Any(k => k.StartsWith("GNU.sparse.", StringComparison.Ordinal)))
            throw new InvalidImageException(ErrorIds.UnsupportedAppliance, _store.Name, content, "a member is stored as a sparse file; write the archive anew without --sparse");
        if (records.TryGetValue("path", out var path))
            _longName = path;
        if (!records.TryGetValue("size", out var text))
            return;
        if (!long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number))
            throw new InvalidImageException(ErrorIds.BadAppliance, _store.Name, content, $"the pax size '{Shown.Text(text)}' is no number of bytes");
        _longSize = number;
    }

    private byte[] Extended(long content, long size)
    {
        if (size > MaxExtendedSize)
            throw new InvalidImageException(ErrorIds.TooLarge, _store.Name, content, $"an extended header of {size} bytes is larger than the {MaxExtendedSize} allowed");
        return _store.ReadBytes(content, (int)size);
    }

    private InvalidImageException TooMany(long at)
        => new(ErrorIds.TooLarge, _store.Name, at, $"the archive has more than {MaxMembers} members, far more than an appliance needs");

    private static string KindOf(char type) => type switch
    {
        '1' => "a hard link",
        '2' => "a symbolic link",
        '3' => "a character device",
        '4' => "a block device",
        '6' => "a pipe",
        'S' => "a sparse file (write the archive anew without --sparse)",
        _ => $"of the type '{Shown.Text(type.ToString())}'",
    };
}
