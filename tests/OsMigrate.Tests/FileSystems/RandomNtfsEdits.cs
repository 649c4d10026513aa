using System.Globalization;
using System.Security.Cryptography;
using OsMigrate.Bytes;
using OsMigrate.FileSystems;
using OsMigrate.FileSystems.Ntfs;

namespace OsMigrate.Tests.FileSystems;

/// <summary>A random sequence of edits of an NTFS volume, and what must be on it afterwards.</summary>
/// <remarks>Files with several names share their content: a change through one is seen through all.</remarks>
internal sealed class RandomNtfsEdits
{
    private readonly Random _random;
    private readonly SortedDictionary<string, Content> _files = new(StringComparer.OrdinalIgnoreCase);
    private readonly SortedSet<string> _folders = new(StringComparer.OrdinalIgnoreCase);
    private readonly HashSet<long> _touched = [];

    /// <param name="volume">Its files are taken into the model as they are.</param>
    public RandomNtfsEdits(int seed, NtfsVolume volume)
    {
        _random = new Random(seed);
        var known = new Dictionary<long, Content>();
        var open = new Stack<(FileEntry Folder, string Path)>([(volume.Root, "")]);
        while (open.Count > 0)
        {
            var (folder, path) = open.Pop();
            foreach (var entry in folder.Children().Cast<NtfsFile>())
            {
                var name = $"{path}/{entry.Name}";
                if (entry.IsFolder)
                {
                    _folders.Add(name);
                    open.Push((entry, name));
                    continue;
                }

                if (!known.TryGetValue(entry.Reference.Number, out var content))
                {
                    using var store = entry.OpenContent();
                    known[entry.Reference.Number] = content = new Content { Length = store.Length, Sum = Sum(store.ReadBytes(0, (int)store.Length)) };
                }

                _files[name] = content;
            }
        }
    }

    public int Refused { get; private set; }

    /// <summary>Records that may differ from before: those of what was edited, and of the folders around it.</summary>
    public IReadOnlySet<long> Touched => _touched;

    public void Run(NtfsVolume volume, int edits)
    {
        Touch(volume, "");
        for (var i = 0; i < edits; i++)
        {
            try
            {
                One(volume);
            }
            catch (OsMigrateException e) when (e.ErrorId == ErrorIds.VolumeFull)
            {
                // A full volume is part of the game; nothing may have changed by it.
                Refused++;
            }
        }
    }

    /// <summary>"/folder/" and "/file LENGTH SHA-1", sorted.</summary>
    public List<string> Expected()
    {
        var lines = _folders.Select(static f => f + "/").Concat(_files.Select(static f => string.Create(CultureInfo.InvariantCulture, $"{f.Key} {f.Value.Length} {f.Value.Sum}"))).ToList();
        lines.Sort(StringComparer.Ordinal);
        return lines;
    }

    private void One(NtfsVolume volume)
    {
        switch (_random.Next(12))
        {
            case < 2:
                MakeFolder(volume);
                break;
            case < 6:
                MakeFile(volume);
                break;
            case < 9 when _files.Count > 0:
                Replace(volume);
                break;
            case 9 when _files.Count > 0:
                var hidden = Any(_files.Keys);
                Touch(volume, hidden);
                volume.SetAttributes(hidden, _random.Next(2) == 0 ? FileAttributes.Hidden : FileAttributes.Archive | FileAttributes.ReadOnly);
                break;
            case < 11 when _files.Count > 0:
                var gone = Any(_files.Keys);
                Touch(volume, gone);
                volume.Delete(gone);
                _files.Remove(gone);
                break;
            default:
                DeleteFolder(volume);
                break;
        }
    }

    private void MakeFolder(NtfsVolume volume)
    {
        var folder = Place() + "/" + Name();
        if (_files.ContainsKey(folder) || _folders.Contains(folder))
            return;
        Touch(volume, folder);
        volume.CreateFolder(folder);
        Touch(volume, folder);
        _folders.Add(folder);
    }

    private void MakeFile(NtfsVolume volume)
    {
        // Many in one folder now and then, so that its index grows and splits.
        var place = Place();
        for (var left = _random.Next(8) == 0 ? 60 : 1; left > 0; left--)
        {
            var file = place + "/" + Name();
            if (_files.ContainsKey(file) || _folders.Contains(file))
                continue;
            var bytes = Bytes(left > 1 ? 300 : 200_000);
            Touch(volume, file);
            volume.CreateFile(file, bytes);
            Touch(volume, file);
            _files[file] = new Content { Length = bytes.Length, Sum = Sum(bytes) };
        }
    }

    private void Replace(NtfsVolume volume)
    {
        var file = Any(_files.Keys);
        var bytes = _random.Next(3) == 0 && _files[file].Length < 1 << 20 ? new byte[_files[file].Length] : Bytes(400_000);
        _random.NextBytes(bytes);
        Touch(volume, file);
        volume.Replace(file, bytes);
        (_files[file].Length, _files[file].Sum) = (bytes.Length, Sum(bytes));
    }

    private void DeleteFolder(NtfsVolume volume)
    {
        var empty = _folders.Where(f => !_folders.Any(o => o.StartsWith(f + "/", StringComparison.OrdinalIgnoreCase)) && !_files.Keys.Any(o => o.StartsWith(f + "/", StringComparison.OrdinalIgnoreCase))).ToList();
        if (empty.Count == 0)
            return;
        var folder = empty[_random.Next(empty.Count)];
        Touch(volume, folder);
        volume.Delete(folder);
        _folders.Remove(folder);
    }

    private void Touch(NtfsVolume volume, string path)
    {
        for (; ; path = path[..Math.Max(0, path.LastIndexOf('/'))])
        {
            if (volume.Find(path) is { } file)
                _touched.Add(file.Reference.Number);
            if (path.Length == 0)
                return;
        }
    }

    private byte[] Bytes(int most)
    {
        var bytes = new byte[_random.Next(5) switch { 0 => 0, 1 => _random.Next(800), 2 => 4096 * _random.Next(1, 10), 3 => _random.Next(most / 10), _ => _random.Next(most) }];
        _random.NextBytes(bytes);
        return bytes;
    }

    private string Place() => _folders.Count == 0 || _random.Next(4) == 0 ? "" : Any(_folders);

    private string Name() => _random.Next(6) switch
    {
        0 => $"F{_random.Next(1000)}.SYS",
        1 => $"a longer name with blanks {_random.Next(100_000)}.dat",
        2 => $"żółw-{_random.Next(1000)}-☃",
        3 => new string('x', _random.Next(1, 200)) + _random.Next(1000),
        4 => $"{_random.Next(100)}.tar.gz",
        _ => $"driver_{_random.Next(100_000)}.inf",
    };

    private string Any(ICollection<string> of) => of.ElementAt(_random.Next(of.Count));

    private static string Sum(byte[] bytes) => Convert.ToHexStringLower(SHA1.HashData(bytes));

    private sealed class Content
    {
        public long Length { get; set; }

        public string Sum { get; set; } = "";
    }
}
