using OsMigrate.Bytes;
using OsMigrate.OpenStack.Configuration.Text;

namespace OsMigrate.OpenStack.Configuration.Files;

/// <summary>Finds the configuration files in a folder: of one machine (its /etc, or a copy of it) or of many (a folder for each).</summary>
/// <param name="skipped">Told of files and folders that could not be read.</param>
internal sealed class ConfigSearch(IConfigHost host, Action<OsMigrateException> skipped, CancellationToken cancel)
{
    private const int MaxDepth = 6;
    private const int MaxFolders = 5_000;

    /// <summary>Folders of a service beside whose files nothing of other machines lies.</summary>
    private static readonly string[] PartsOfMachine =
        [.. Enum.GetNames(typeof(ServiceName)).Select(n => n.ToLowerInvariant()), "plugins", "ml2", "etc", "conf.d", "server.conf.d", "agent.conf.d"];

    /// <summary>Folders in which no service's file lies, and which may be large.</summary>
    private static readonly string[] Left = ["policy.d", "rootwrap.d", "metadefs", "fernet-keys", "credential-keys", "ssl", "certs"];

    private readonly List<ConfigFile> _found = [];
    private int _folders;

    /// <summary>One file, whatever its name.</summary>
    /// <param name="service">What it is, where the name does not tell.</param>
    public static ConfigFile Single(IConfigHost host, string path, ServiceName? service, CancellationToken cancel)
    {
        var content = host.Read(path, cancel);
        var name = Place(path, out var fragment) is var known && service is { } given && known?.Service != given ? new ConfigFileName(given, null) : known;
        return new ConfigFile(host.Node ?? NodeOf(path, null), path, name, fragment, ConfigDocument.Parse(content.Bytes, path), content.Bytes, content.Mode) { Folder = Parent(path) };
    }

    /// <summary>All files below a folder, those of a machine in the order of its services.</summary>
    public IReadOnlyList<ConfigFile> Below(string folder)
    {
        Walk(folder, folder, null, folder, 0);
        return _found.OrderBy(f => f.Node, StringComparer.Ordinal).ThenBy(f => f.Service).ThenBy(f => f.Name?.Program ?? "", StringComparer.Ordinal).ThenBy(f => f.IsFragment)
            .ThenBy(f => f.Path, StringComparer.Ordinal).ToList();
    }

    /// <summary>The machine that a path belongs to: the folder that holds "etc", else the first folder below the root that is not a part of a machine.</summary>
    internal static string NodeOf(string path, string? root)
    {
        var parts = path.Replace('\\', '/').Split(['/'], StringSplitOptions.RemoveEmptyEntries);
        var etc = Array.LastIndexOf(parts, "etc");
        if (etc == 0)
            return Environment.MachineName;
        if (etc > 0)
            return parts[etc - 1];
        var depth = root is null ? parts.Length - 1 : root.Replace('\\', '/').Split(['/'], StringSplitOptions.RemoveEmptyEntries).Length;
        var below = parts.Skip(depth).Take(Math.Max(0, parts.Length - 1 - depth)).FirstOrDefault(p => !PartsOfMachine.Contains(p) && ConfigFileName.OfFolder(p) is null);
        return below ?? parts.Take(Math.Min(depth, parts.Length - 1)).LastOrDefault(p => !PartsOfMachine.Contains(p)) ?? Environment.MachineName;
    }

    private void Walk(string root, string folder, ConfigFileName? additions, string home, int depth)
    {
        if (depth > MaxDepth || ++_folders > MaxFolders)
            return;
        foreach (var entry in Entries(folder))
        {
            cancel.ThrowIfCancellationRequested();
            var path = Join(folder, entry.Name);
            if (entry.IsFolder)
            {
                var inner = ConfigFileName.OfFolder(entry.Name);
                if (!Left.Contains(entry.Name))
                    Walk(root, path, inner ?? additions, inner is null && entry.Name is not ("plugins" or "ml2") ? path : home, depth + 1);
            }
            else if ((additions is not null && entry.Name.EndsWith(".conf", StringComparison.Ordinal) ? additions : ConfigFileName.Of(entry.Name)) is { } name)
            {
                Add(root, path, name, additions is not null, additions is null && entry.Name.EndsWith(".conf", StringComparison.Ordinal) ? folder : home);
            }
        }
    }

    private IReadOnlyList<ConfigEntry> Entries(string folder)
    {
        try
        {
            return host.List(folder, cancel);
        }
        catch (OsMigrateException e)
        {
            skipped(e);
            return [];
        }
    }

    private void Add(string root, string path, ConfigFileName name, bool fragment, string home)
    {
        try
        {
            var content = host.Read(path, cancel);
            _found.Add(new ConfigFile(host.Node ?? NodeOf(path, root), path, name, fragment, ConfigDocument.Parse(content.Bytes, path), content.Bytes, content.Mode) { Folder = home });
        }
        catch (OsMigrateException e)
        {
            skipped(e);
        }
    }

    private static ConfigFileName? Place(string path, out bool fragment)
    {
        var folder = ConfigFileName.OfFolder(LastPart(Parent(path)));
        fragment = folder is not null;
        return folder ?? ConfigFileName.Of(LastPart(path));
    }

    private static string Parent(string path)
    {
        var end = path.LastIndexOfAny(['/', '\\']);
        return end <= 0 ? "" : path.Substring(0, end);
    }

    private static string LastPart(string path) => path.Substring(path.LastIndexOfAny(['/', '\\']) + 1);

    private static string Join(string folder, string name) => folder.TrimEnd('/', '\\') + (folder.IndexOf('\\') >= 0 && folder.IndexOf('/') < 0 ? "\\" : "/") + name;
}
