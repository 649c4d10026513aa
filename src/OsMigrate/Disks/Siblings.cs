using OsMigrate.Bytes;

namespace OsMigrate.Disks;

/// <summary>The gate through which an image may reach another file: flat extents, parents, external data files.</summary>
/// <remarks>
/// An image's header is written by whoever made the image, so the names in it are hostile until proven otherwise (CVE-2022-47951,
/// CVE-2024-32498). No format opens a second file by any other way, and the default gate, <see cref="None"/>, opens nothing.
/// </remarks>
public abstract class Siblings
{
    private const int MaxChain = 64;

    /// <summary>Opens nothing.</summary>
    public static Siblings None { get; } = new Closed();

    /// <summary>How many images deep the chain already is; the first image is 0.</summary>
    public int Depth { get; private protected init; }

    /// <summary>Opens plain file names in one folder, and nothing else.</summary>
    public static Siblings InFolder(string folder) => new FolderSiblings(folder, [], 0);

    /// <summary>Opens plain file names in the folder of <paramref name="path"/>, which itself counts as already open.</summary>
    public static Siblings Of(string path)
        => new FolderSiblings(Path.GetDirectoryName(Path.GetFullPath(path))!, [Path.GetFileName(path)], 0);

    /// <summary>Opens a plain extent or data file.</summary>
    /// <param name="name">The name as the image gives it.</param>
    /// <param name="referrer">The image that names it, for the error.</param>
    /// <exception cref="InvalidImageException"><see cref="ErrorIds.OutsideFolder"/>, <see cref="ErrorIds.MissingSibling"/>.</exception>
    public abstract ByteStore Open(string name, string referrer);

    /// <summary>The gate to hand to a parent image: the same folder, one level deeper, with <paramref name="name"/> marked as visited.</summary>
    /// <exception cref="InvalidImageException"><see cref="ErrorIds.ParentCycle"/>: the name was visited already, or the chain is too deep.</exception>
    public abstract Siblings ForParent(string name, string referrer);

    /// <summary>Opens the parent image of a chain, with cycle and depth checks.</summary>
    /// <param name="format">The parent's format when the child states it; null to probe.</param>
    public DiskImage OpenParent(string name, string referrer, DiskFormat? format = null)
    {
        var gate = ForParent(name, referrer);
        var store = Open(name, referrer);
        try
        {
            return format is null ? DiskFormats.Open(store, gate) : format.Open(store, gate);
        }
        catch
        {
            store.Dispose();
            throw;
        }
    }

    /// <summary>Refuses every name that is not a plain file name on every system: no separators, no drive, no device, no dot names.</summary>
    public static void RequirePlainName(string name, string referrer)
    {
        if (!IsPlainName(name))
            throw new InvalidImageException(ErrorIds.OutsideFolder, referrer, -1, $"it names the file '{Printable(name)}', which is not a plain file name in its own folder");
    }

    /// <summary>The file name at the end of a path, whichever system wrote the path: images carry names like "C:\\VMs\\base.vhd" and "/vmfs/volumes/x/base.vmdk".</summary>
    public static string LastComponent(string path) => path.Substring(path.LastIndexOfAny(['/', '\\']) + 1);

    internal static bool IsPlainName(string name)
    {
        if (name.Length is 0 or > 255 || name is "." or "..")
            return false;
        foreach (var c in name)
        {
            if (c is '/' or '\\' or ':' or '*' or '?' or '"' or '<' or '>' or '|' || char.IsControl(c))
                return false;
        }

        if (name[name.Length - 1] is '.' or ' ')
            return false;
        var stem = name.Split('.')[0].TrimEnd(' ').ToUpperInvariant();
        return stem is not ("CON" or "PRN" or "AUX" or "NUL" or "CLOCK$" or "CONIN$" or "CONOUT$")
               && !(stem.Length == 4 && (stem.StartsWith("COM", StringComparison.Ordinal) || stem.StartsWith("LPT", StringComparison.Ordinal)) && (char.IsDigit(stem[3]) || stem[3] is '¹' or '²' or '³'));
    }

    private protected static void CheckChain(string name, string referrer, IReadOnlyCollection<string> visited, int depth)
    {
        if (visited.Contains(name, StringComparer.OrdinalIgnoreCase))
            throw new InvalidImageException(ErrorIds.ParentCycle, referrer, -1, $"its chain of parents leads back to '{Printable(name)}'");
        if (depth >= MaxChain)
            throw new InvalidImageException(ErrorIds.ParentCycle, referrer, -1, $"its chain of parents is deeper than {MaxChain}");
    }

    private static string Printable(string name)
    {
        var shown = name.Length > 80 ? name.Substring(0, 80) + "..." : name;
        return new string(shown.Select(c => char.IsControl(c) ? '?' : c).ToArray());
    }

    private sealed class Closed : Siblings
    {
        public override ByteStore Open(string name, string referrer)
            => throw new InvalidImageException(ErrorIds.OutsideFolder, referrer, -1, $"it needs the file '{Printable(name)}', and opening further files is not allowed here");

        public override Siblings ForParent(string name, string referrer) => this;
    }
}
