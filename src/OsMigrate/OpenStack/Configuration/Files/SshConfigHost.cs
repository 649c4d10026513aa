using System.Globalization;
using OsMigrate.Bytes;
using OsMigrate.Net.Ssh;
using OsMigrate.OpenStack.Configuration.Text;

namespace OsMigrate.OpenStack.Configuration.Files;

/// <summary>Files of a host behind SSH. The session stays the caller's.</summary>
internal sealed class SshConfigHost(SshSession session, string node) : IConfigHost
{
    private static readonly TimeSpan CommandLimit = TimeSpan.FromSeconds(30);

    private readonly Dictionary<string, IReadOnlyList<SshFile>> _folders = new(StringComparer.Ordinal);

    public string? Node => node;

    public bool IsFolder(string path, CancellationToken cancel)
        => path is "/" || Entries(Parent(path), cancel).FirstOrDefault(f => f.Name == Last(path))?.IsFolder == true
           || session.Run("test -d " + SshSession.Quoted(path), CommandLimit, cancel).ExitCode == 0;

    public IReadOnlyList<ConfigEntry> List(string folder, CancellationToken cancel)
        => Entries(folder, cancel).Select(f => new ConfigEntry(f.Name, f.IsFolder)).OrderBy(e => e.Name, StringComparer.Ordinal).ToList();

    public ConfigContent Read(string path, CancellationToken cancel)
    {
        var bytes = session.ReadFile(path, ConfigDocument.MaxBytes, cancel);
        var mode = Entries(Parent(path), cancel).FirstOrDefault(f => f.Name == Last(path))?.Mode;
        return new ConfigContent(bytes, mode is null ? null : Octal(mode));
    }

    public void Replace(string path, byte[] before, byte[] after, string? backup, CancellationToken cancel)
    {
        if (!session.ReadFile(path, ConfigDocument.MaxBytes, cancel).AsSpan().SequenceEqual(before))
            throw ConfigErrors.Changed(path);
        if (backup is not null)
        {
            // cp -p keeps owner and rights, as the file's secrets need.
            var reply = session.Run($"cp -p -- {SshSession.Quoted(path)} {SshSession.Quoted(backup)}", CommandLimit, cancel);
            if (reply.ExitCode != 0)
                throw new OsMigrateException(ErrorIds.SshFileAccess, ErrorKind.PermissionDenied, $"'{backup}' on {node} cannot be written, so '{path}' is left as it is: {reply.Error.Trim()}", path);
        }

        session.WriteFile(path, after, cancel);
    }

    public void Dispose()
    {
    }

    private IReadOnlyList<SshFile> Entries(string folder, CancellationToken cancel)
    {
        if (_folders.TryGetValue(folder, out var known))
            return known;
        try
        {
            return _folders[folder] = session.ListFolder(folder, cancel);
        }
        catch (OsMigrateException e) when (e.ErrorId is ErrorIds.SshFileNotFound or ErrorIds.SshFileAccess)
        {
            return _folders[folder] = [];
        }
    }

    private static int? Octal(string mode)
    {
        var value = 0;
        foreach (var digit in mode)
        {
            if (digit is < '0' or > '7')
                return null;
            value = (value * 8) + int.Parse(digit.ToString(), CultureInfo.InvariantCulture);
        }

        return value;
    }

    private static string Parent(string path) => path.LastIndexOf('/') is > 0 and var end ? path.Substring(0, end) : "/";

    private static string Last(string path) => path.Substring(path.LastIndexOf('/') + 1);
}
