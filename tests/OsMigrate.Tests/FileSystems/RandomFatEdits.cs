using System.Globalization;
using System.Security.Cryptography;
using OsMigrate.Bytes;
using OsMigrate.FileSystems.Fat;

namespace OsMigrate.Tests.FileSystems;

/// <summary>A random sequence of edits and what must be on the volume after it.</summary>
internal sealed class RandomFatEdits(int seed, bool small)
{
    private readonly Random _random = new(seed);
    private readonly SortedDictionary<string, byte[]> _files = new(StringComparer.OrdinalIgnoreCase);
    private readonly SortedSet<string> _folders = new(StringComparer.OrdinalIgnoreCase);

    public void Run(FatVolume volume, int edits)
    {
        for (var i = 0; i < edits; i++)
        {
            try
            {
                One(volume);
            }
            catch (OsMigrateException e) when (e.ErrorId == ErrorIds.DiskFull)
            {
                // A full volume is part of the game; nothing may have changed by it.
                continue;
            }
        }
    }

    /// <summary>As <see cref="Support.FileTree"/> lists trees.</summary>
    public IReadOnlyList<string> Expected()
        => [.. _folders.Select(f => f + "/").Concat(_files.Select(f => $"{f.Key} {f.Value.Length} {Convert.ToHexStringLower(SHA1.HashData(f.Value))}")).Order(StringComparer.Ordinal)];

    private void One(FatVolume volume)
    {
        switch (_random.Next(10))
        {
            case < 2:
                var folder = Place() + "/" + Name();
                if (!_files.ContainsKey(folder) && !_folders.Contains(folder))
                {
                    volume.CreateFolder(folder);
                    _folders.Add(folder);
                }

                break;
            case < 7:
                var file = _files.Count > 0 && _random.Next(3) == 0 ? Any(_files.Keys) : Place() + "/" + Name();
                if (!_folders.Contains(file))
                {
                    var content = new byte[_random.Next(4) switch { 0 => 0, 1 => _random.Next(600), 2 => 512 * _random.Next(1, 30), _ => _random.Next(small ? 60_000 : 600_000) }];
                    _random.NextBytes(content);
                    volume.WriteFile(file, new MemoryStore(content));
                    _files[file] = content;
                }

                break;
            case < 9 when _files.Count > 0:
                var gone = Any(_files.Keys);
                volume.Delete(gone);
                _files.Remove(gone);
                break;
            default:
                DeleteFolder(volume);
                break;
        }
    }

    private void DeleteFolder(FatVolume volume)
    {
        if (_folders.Count == 0)
            return;
        var folder = Any(_folders);
        volume.Delete(folder, recurse: true);
        _folders.RemoveWhere(f => f == folder || f.StartsWith(folder + "/", StringComparison.OrdinalIgnoreCase));
        foreach (var file in _files.Keys.Where(f => f.StartsWith(folder + "/", StringComparison.OrdinalIgnoreCase)).ToList())
            _files.Remove(file);
    }

    private string Place() => _folders.Count == 0 || _random.Next(3) == 0 ? "" : Any(_folders);

    private string Any(IEnumerable<string> names) => names.ElementAt(_random.Next(names.Count()));

    private string Name() => _random.Next(6) switch
    {
        0 => $"F{_random.Next(1000)}.BIN",
        1 => $"a long name with blanks {_random.Next(1000)}.text",
        2 => $"Übung {_random.Next(100)} ☃.tar.gz",
        3 => string.Create(CultureInfo.InvariantCulture, $"{new string('n', _random.Next(1, 120))}{_random.Next(100)}"),
        4 => $"small{_random.Next(30)}.inf",
        _ => $".hidden{_random.Next(50)}",
    };
}
