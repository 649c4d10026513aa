using System.Text;
using OsMigrate.Bytes;
using OsMigrate.FileSystems;

namespace OsMigrate.Guests.Linux;

/// <summary>The files of a Linux as it sees them itself: several volumes mounted into one tree, symbolic links followed.</summary>
internal sealed class LinuxFiles(FileEntry root)
{
    private const int MaxLinks = 40;
    private const int MaxTextBytes = 4 << 20;

    private readonly List<(string Path, FileEntry Root)> _mounts = [];

    /// <summary>Mounts another volume: "/boot".</summary>
    public void Mount(string path, FileEntry volumeRoot) => _mounts.Add((Clean(path), volumeRoot));

    /// <summary>Finds a file or folder; null when it is not there, or a link leads nowhere or in circles.</summary>
    public FileEntry? Find(string path) => Find(Clean(path), 0);

    public IEnumerable<FileEntry> Children(string path) => Find(path) is { IsFolder: true } folder ? folder.Children() : [];

    /// <summary>A small file as text; null when it is not there or is larger than a text would be.</summary>
    public string? Text(string path)
    {
        if (Find(path) is not { IsFolder: false, SizeBytes: > 0 and <= MaxTextBytes } file)
            return null;
        using var content = file.OpenContent();
        return Encoding.UTF8.GetString(content.ReadBytes(0, (int)content.Length));
    }

    /// <summary>The lines of a text without comments, trimmed; none when it is not there.</summary>
    public IEnumerable<string> Lines(string path)
        => (Text(path) ?? "").Split('\n').Select(static l => l.Trim()).Where(static l => l.Length > 0 && l[0] is not ('#' or ';'));

    private FileEntry? Find(string path, int links)
    {
        var at = root;
        var here = "";
        var names = path.Split(['/'], StringSplitOptions.RemoveEmptyEntries);
        for (var i = 0; i < names.Length; i++)
        {
            var below = $"{here}/{names[i]}";
            var next = _mounts.FindLast(m => m.Path == below).Root ?? (at.IsFolder ? at.FindChild(names[i]) : null);
            if (next is null)
                return null;
            if (next.LinkTarget is { } target)
            {
                var rest = string.Join("/", names.Skip(i + 1));
                return links < MaxLinks ? Find(Clean((target.StartsWith("/", StringComparison.Ordinal) ? target : $"{here}/{target}") + "/" + rest), links + 1) : null;
            }

            (at, here) = (next, below);
        }

        return at;
    }

    /// <summary>Absolute, without ".", ".." and empty names.</summary>
    private static string Clean(string path)
    {
        var names = new List<string>();
        foreach (var name in path.Split(['/'], StringSplitOptions.RemoveEmptyEntries))
        {
            if (name == "..")
                names.RemoveRange(Math.Max(0, names.Count - 1), Math.Min(1, names.Count));
            else if (name != ".")
                names.Add(name);
        }

        return "/" + string.Join("/", names);
    }
}
