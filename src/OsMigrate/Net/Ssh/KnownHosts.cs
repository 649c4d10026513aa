using OsMigrate.Bytes;

namespace OsMigrate.Net.Ssh;

/// <summary>The keys of hosts that the user, or the administrator, trusts: OpenSSH's known_hosts files.</summary>
/// <remarks>Keys of authorities (@cert-authority) are not used: a host has to show a plain key.</remarks>
internal sealed class KnownHosts
{
    private const long LargestFile = 16 << 20;
    private readonly List<KnownHostLine> _lines = [];
    private readonly IReadOnlyList<string> _files;

    /// <exception cref="OsMigrateException"><see cref="ErrorIds.SshSettings"/>: a file cannot be read.</exception>
    public KnownHosts(IReadOnlyList<string> files)
    {
        _files = files;
        foreach (var file in files.Where(File.Exists))
            _lines.AddRange(Read(file));
    }

    /// <summary>The files ssh itself reads on this machine.</summary>
    public static IReadOnlyList<string> DefaultFiles
    {
        get
        {
            var own = Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".ssh", "known_hosts");
            return Path.DirectorySeparatorChar == '\\' ? [own, Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.CommonApplicationData), "ssh", "ssh_known_hosts")] : [own, "/etc/ssh/ssh_known_hosts"];
        }
    }

    /// <summary>A host as the files name it.</summary>
    public static string NameOf(string host, int port)
        => port == SshLogin.DefaultPort ? host.ToLowerInvariant() : $"[{host.ToLowerInvariant()}]:{port}";

    /// <summary>Types of the keys by which a host is known; a client asks for these first, so that the host shows one that can be compared.</summary>
    public IReadOnlyList<string> TypesOf(string host, int port)
        => Of(host, port).Select(l => l.KeyType).Distinct().ToList();

    /// <param name="line">The line that decided, or one that names another key of the host; null when there is none.</param>
    public HostKeyVerdict Judge(string host, int port, HostKey shown, out KnownHostLine? line)
    {
        var name = NameOf(host, port);
        line = _lines.FirstOrDefault(l => l.IsRevoked && l.Names(name) && Same(l, shown));
        if (line is not null)
            return HostKeyVerdict.Revoked;
        var known = Of(host, port).ToList();
        line = known.FirstOrDefault(l => Same(l, shown));
        if (line is not null)
            return HostKeyVerdict.Trusted;
        line = known.FirstOrDefault(l => l.KeyType == shown.Type) ?? known.FirstOrDefault();
        if (line is not null)
            return HostKeyVerdict.Changed;
        // As OpenSSH does: the very key of the host's usual port is good on another port too.
        line = _lines.FirstOrDefault(l => l.IsPlain && l.Names(NameOf(host, SshLogin.DefaultPort)) && Same(l, shown));
        return line is not null ? HostKeyVerdict.Trusted : HostKeyVerdict.Unknown;
    }

    /// <summary>Adds a line to the first of the files, which is made when it is not there.</summary>
    /// <returns>The file.</returns>
    public string Add(string host, int port, HostKey key)
    {
        var file = _files[0];
        try
        {
            if (Path.GetDirectoryName(file) is { Length: > 0 } folder)
                Directory.CreateDirectory(folder);
            // The last line may lack its end.
            var before = File.Exists(file) && File.ReadAllText(file) is { Length: > 0 } text && text[^1] != '\n' ? "\n" : "";
            File.AppendAllText(file, $"{before}{NameOf(host, port)} {key.Type} {Convert.ToBase64String(key.Blob)}\n");
            return file;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new OsMigrateException(ErrorIds.SshSettings, ErrorKind.PermissionDenied, $"The key of {NameOf(host, port)} cannot be added to '{file}': {e.Message}", file, e);
        }
    }

    private IEnumerable<KnownHostLine> Of(string host, int port)
    {
        var name = NameOf(host, port);
        return _lines.Where(l => l.IsPlain && l.Names(name));
    }

    private static bool Same(KnownHostLine line, HostKey key) => line.Key.AsSpan().SequenceEqual(key.Blob);

    private static IEnumerable<KnownHostLine> Read(string file)
    {
        try
        {
            if (new FileInfo(file).Length > LargestFile)
                throw new OsMigrateException(ErrorIds.SshSettings, ErrorKind.InvalidData, $"'{file}' is larger than {ByteSize.Text(LargestFile)}: no known_hosts file.", file);
            return File.ReadAllLines(file).Select((text, i) => KnownHostLine.Parse(file, i + 1, text)).OfType<KnownHostLine>().ToList();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new OsMigrateException(ErrorIds.SshSettings, ErrorKind.PermissionDenied, $"'{file}' cannot be read: {e.Message}", file, e);
        }
    }
}
