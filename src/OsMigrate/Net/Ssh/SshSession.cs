using System.Text;
using OsMigrate.Bytes;
using Renci.SshNet;

namespace OsMigrate.Net.Ssh;

/// <summary>A login on a remote host over SSH: runs commands, reads and replaces files. Not for use from several threads at once.</summary>
/// <remarks>The library beneath is SSH.NET. Files go over a second connection (SFTP), which is made when the first is asked for.</remarks>
public sealed class SshSession : IDisposable
{
    private const int DefaultOutputLimit = 64 << 20;
    private readonly SshLogin _login;
    private readonly SshClient _client;
    private SshFiles? _files;

    private SshSession(SshLogin login, SshClient client, string? addedTo)
    {
        _login = login;
        _client = client;
        HostKeyAddedTo = addedTo;
    }

    /// <summary>The host, with its port when that is not 22.</summary>
    public string Name => _login.Name;

    /// <summary>The known_hosts file that the host's key was added to at this login; null when none was.</summary>
    public string? HostKeyAddedTo { get; }

    /// <summary>Connects, checks the host's key, logs in.</summary>
    /// <exception cref="OsMigrateException">
    /// <see cref="ErrorIds.SshUnknownHostKey"/>, <see cref="ErrorIds.SshHostKeyChanged"/>, <see cref="ErrorIds.SshHostKeyRevoked"/>, <see cref="ErrorIds.SshUnauthorized"/>,
    /// <see cref="ErrorIds.SshSettings"/>, <see cref="ErrorIds.NetUnreachable"/>, <see cref="ErrorIds.NetTimeout"/>, <see cref="ErrorIds.NetInterrupted"/>.
    /// </exception>
    public static SshSession Connect(SshLogin login, CancellationToken cancel)
    {
        SshClient? client = null;
        try
        {
            var check = SshConnection.Open(login, info => client = new SshClient(info), cancel);
            return new SshSession(login, client!, check.AddedTo);
        }
        catch
        {
            client?.Dispose();
            throw;
        }
    }

    /// <summary>Runs a command by the user's shell and waits for its end.</summary>
    /// <param name="command">As the remote shell reads it; use <see cref="Quoted"/> for what comes from elsewhere.</param>
    /// <param name="limit">The longest it may take.</param>
    /// <param name="input">What the command gets on standard input, at least one byte; with null nothing is sent and the input stays open, so the command should read none (or &lt;/dev/null).</param>
    /// <param name="maxBytes">The most that standard output or standard error may have.</param>
    /// <exception cref="OsMigrateException"><see cref="ErrorIds.NetTimeout"/>, <see cref="ErrorIds.NetInterrupted"/>, <see cref="ErrorIds.NetBadAnswer"/> for too much output.</exception>
    public SshReply Run(string command, TimeSpan limit, CancellationToken cancel, byte[]? input = null, int maxBytes = DefaultOutputLimit)
        => SshErrors.Guard(_login, "running a command", null, cancel, () =>
        {
            using var expiry = CancellationTokenSource.CreateLinkedTokenSource(cancel);
            expiry.CancelAfter(limit);
            using var running = _client.CreateCommand(command, Encoding.UTF8);
            var execution = running.ExecuteAsync(expiry.Token);
            var output = Task.Run(() => Drain(running.OutputStream, maxBytes, expiry), CancellationToken.None);
            var error = Task.Run(() => Drain(running.ExtendedOutputStream, maxBytes, expiry), CancellationToken.None);
            Feed(running, input);
            try
            {
                execution.GetAwaiter().GetResult();
            }
            catch (OperationCanceledException) when (output.Result is null || error.Result is null)
            {
                throw new OsMigrateException(ErrorIds.NetBadAnswer, ErrorKind.InvalidData, $"A command on {Name} wrote more than {ByteSize.Text(maxBytes)}.", Name);
            }

            return new SshReply(running.ExitStatus ?? -1, output.Result ?? "", error.Result ?? "");
        });

    /// <summary>Text as one word of a POSIX shell, whatever is in it.</summary>
    public static string Quoted(string text) => "'" + text.Replace("'", "'\\''") + "'";

    /// <summary>Reads a whole file; also those of /proc and /sys, which do not say how long they are.</summary>
    /// <exception cref="OsMigrateException"><see cref="ErrorIds.SshFileNotFound"/>, <see cref="ErrorIds.SshFileAccess"/>, <see cref="ErrorIds.NetBadAnswer"/> when it is larger than <paramref name="maxBytes"/>.</exception>
    public byte[] ReadFile(string path, int maxBytes, CancellationToken cancel) => Files(cancel).Read(path, maxBytes, cancel);

    /// <summary>The entries of a folder, by name, without . and ..</summary>
    /// <exception cref="OsMigrateException"><see cref="ErrorIds.SshFileNotFound"/>, <see cref="ErrorIds.SshFileAccess"/>.</exception>
    public IReadOnlyList<SshFile> ListFolder(string path, CancellationToken cancel) => Files(cancel).List(path, cancel);

    /// <summary>Replaces a file, or makes it: written beside it, given the same mode and owner, then renamed over it. A symbolic link is followed.</summary>
    /// <exception cref="OsMigrateException"><see cref="ErrorIds.SshFileAccess"/>: not allowed, no room, or the owner cannot be kept; the old file is as it was.</exception>
    public void WriteFile(string path, byte[] content, CancellationToken cancel) => Files(cancel).Write(path, content, cancel);

    public void Dispose()
    {
        _files?.Dispose();
        _client.Dispose();
    }

    private SshFiles Files(CancellationToken cancel) => _files ??= SshFiles.Open(_login, cancel);

    private static void Feed(SshCommand running, byte[]? input)
    {
        // SSH.NET ends the input when the stream is closed, but only after something was written.
        if (input is not { Length: > 0 })
            return;
        using var stdin = running.CreateInputStream();
        stdin.Write(input, 0, input.Length);
    }

    /// <returns>Null when there was more than is taken; then the command was cancelled.</returns>
    private static string? Drain(Stream stream, int maxBytes, CancellationTokenSource expiry)
    {
        using var kept = new MemoryStream();
        var block = new byte[64 << 10];
        int got;
        while ((got = stream.Read(block, 0, block.Length)) > 0)
        {
            if (kept.Length + got > maxBytes)
            {
                expiry.Cancel();
                return null;
            }

            kept.Write(block, 0, got);
        }

        return Encoding.UTF8.GetString(kept.ToArray());
    }
}
