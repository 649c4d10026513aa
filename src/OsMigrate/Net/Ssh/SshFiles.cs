using OsMigrate.Bytes;
using Renci.SshNet;
using Renci.SshNet.Common;
using Renci.SshNet.Sftp;

namespace OsMigrate.Net.Ssh;

/// <summary>The files of a remote host, over SFTP.</summary>
internal sealed class SshFiles : IDisposable
{
    private const int Block = 32 << 10;
    private const int ModeBits = 0xFFF;
    private const short PrivateMode = 600;
    private const int MostEntries = 100_000;
    private readonly SshLogin _login;
    private readonly SftpClient _client;

    private SshFiles(SshLogin login, SftpClient client)
    {
        _login = login;
        _client = client;
    }

    public static SshFiles Open(SshLogin login, CancellationToken cancel)
    {
        SftpClient? client = null;
        try
        {
            SshConnection.Open(login, info => client = new SftpClient(info) { OperationTimeout = login.ConnectLimit }, cancel);
            return new SshFiles(login, client!);
        }
        catch
        {
            client?.Dispose();
            throw;
        }
    }

    public byte[] Read(string path, int maxBytes, CancellationToken cancel) => SshErrors.Guard(_login, $"reading '{path}'", path, cancel, () =>
    {
        if (_client.GetAttributes(path).IsDirectory)
            throw new OsMigrateException(ErrorIds.SshFileAccess, ErrorKind.InvalidArgument, $"'{path}' on {_login.Name} is a folder; a file is needed.", path);
        using var source = _client.OpenAsync(path, FileMode.Open, FileAccess.Read, cancel).GetAwaiter().GetResult();
        using var kept = new MemoryStream();
        var block = new byte[Block];
        int got;
        while ((got = source.Read(block, 0, block.Length)) > 0)
        {
            cancel.ThrowIfCancellationRequested();
            if (kept.Length + got > maxBytes)
                throw new OsMigrateException(ErrorIds.NetBadAnswer, ErrorKind.InvalidData, $"'{path}' on {_login.Name} is larger than the {ByteSize.Text(maxBytes)} allowed.", path);
            kept.Write(block, 0, got);
        }

        return kept.ToArray();
    });

    public IReadOnlyList<SshFile> List(string path, CancellationToken cancel) => SshErrors.Guard(_login, $"listing '{path}'", path, cancel, () =>
        (IReadOnlyList<SshFile>)_client.ListDirectory(path, count => Bound(path, count, cancel))
            .Where(f => f.Name is not ("." or "..") && f.Name.IndexOf('/') < 0)
            .Select(f => new SshFile(f.Name, f.FullName, f.IsDirectory || f.IsSymbolicLink && IsFolder(f.FullName), f.Length, Octal(f.Attributes)))
            .OrderBy(f => f.Name, StringComparer.Ordinal)
            .ToList());

    public void Write(string path, byte[] content, CancellationToken cancel) => SshErrors.Guard(_login, $"writing '{path}'", path, cancel, () =>
    {
        // The canonical path is that of a link's target, so that the link stays one.
        var target = _client.Exists(path) ? _client.Get(path).FullName : path;
        var old = _client.Exists(target) ? _client.GetAttributes(target) : null;
        var temporary = $"{target}.{Guid.NewGuid():N}.new";
        try
        {
            using (var sink = _client.Open(temporary, FileMode.CreateNew, FileAccess.Write))
            {
                // Before any content is in it: a config file may hold passwords.
                _client.ChangePermissions(temporary, PrivateMode);
                for (var at = 0; at < content.Length; at += Block)
                {
                    cancel.ThrowIfCancellationRequested();
                    sink.Write(content, at, Math.Min(Block, content.Length - at));
                }
            }

            Dress(temporary, old);
            cancel.ThrowIfCancellationRequested();
            _client.RenameFile(temporary, target, isPosix: true);
        }
        catch
        {
            Discard(temporary);
            throw;
        }

        return true;
    });

    public void Dispose() => _client.Dispose();

    /// <summary>Owner first: changing it takes set-id bits away.</summary>
    private void Dress(string temporary, SftpFileAttributes? old)
    {
        var now = _client.GetAttributes(temporary);
        if (old is not null && (old.UserId != now.UserId || old.GroupId != now.GroupId))
        {
            now.UserId = old.UserId;
            now.GroupId = old.GroupId;
            _client.SetAttributes(temporary, now);
        }

        _client.ChangePermissions(temporary, short.Parse(old is null ? "644" : Octal(old), System.Globalization.CultureInfo.InvariantCulture));
    }

    private void Discard(string temporary)
    {
        try
        {
            _client.DeleteFile(temporary);
        }
        catch (Exception e) when (e is SshException or IOException or InvalidOperationException)
        {
            // It was never made, or the connection is gone; the first fault is the one to tell.
        }
    }

    private bool IsFolder(string path)
    {
        try
        {
            return _client.GetAttributes(path).IsDirectory;
        }
        catch (SshException)
        {
            return false;
        }
    }

    private void Bound(string path, int count, CancellationToken cancel)
    {
        cancel.ThrowIfCancellationRequested();
        if (count > MostEntries)
            throw new OsMigrateException(ErrorIds.NetBadAnswer, ErrorKind.InvalidData, $"The folder '{path}' on {_login.Name} has more than {MostEntries} entries.", path);
    }

    /// <summary>SSH.NET takes and we show a mode as octal digits read as a decimal number.</summary>
    private static string Octal(SftpFileAttributes attributes)
    {
        var bits = 0;
        bits |= (attributes.OwnerCanRead ? 0x100 : 0) | (attributes.OwnerCanWrite ? 0x80 : 0) | (attributes.OwnerCanExecute ? 0x40 : 0);
        bits |= (attributes.GroupCanRead ? 0x20 : 0) | (attributes.GroupCanWrite ? 0x10 : 0) | (attributes.GroupCanExecute ? 8 : 0);
        bits |= (attributes.OthersCanRead ? 4 : 0) | (attributes.OthersCanWrite ? 2 : 0) | (attributes.OthersCanExecute ? 1 : 0);
        bits |= (attributes.IsUIDBitSet ? 0x800 : 0) | (attributes.IsGroupIDBitSet ? 0x400 : 0) | (attributes.IsStickyBitSet ? 0x200 : 0);
        return Convert.ToString(bits & ModeBits, 8);
    }
}
