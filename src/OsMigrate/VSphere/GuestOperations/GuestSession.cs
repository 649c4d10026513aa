using System.Xml.Linq;
using OsMigrate.Bytes;
using OsMigrate.Net;
using OsMigrate.VSphere.Properties;
using OsMigrate.VSphere.Sessions;
using OsMigrate.VSphere.Soap;

namespace OsMigrate.VSphere.GuestOperations;

/// <summary>Files and programs in a running guest, through VMware Tools.</summary>
/// <remarks>vSphere Web Services API, GuestAuthManager, GuestFileManager and GuestProcessManager.</remarks>
internal sealed class GuestSession
{
    private const int MaxLogBytes = 4 << 20;

    private readonly VSphereSession _session;
    private readonly MoRef _machine;
    private readonly GuestLogin _login;
    private readonly CancellationToken _cancel;
    private readonly MoRef _files;
    private readonly MoRef _processes;

    /// <exception cref="OsMigrateException">The guest does not know the user, or the server has no guest operations.</exception>
    public GuestSession(VSphereSession session, MoRef machine, GuestLogin login, CancellationToken cancel)
    {
        (_session, _machine, _login, _cancel) = (session, machine, login, cancel);
        var operations = session.Content.GuestOperations ?? throw Missing();
        var managers = new PropertyQuery(session).Of(operations, ["authManager", "fileManager", "processManager"], cancel);
        _files = managers.Ref("fileManager") ?? throw Missing();
        _processes = managers.Ref("processManager") ?? throw Missing();
        if (managers.Ref("authManager") is { } auth)
            Call("ValidateCredentialsInGuest", auth, changes: false);
    }

    /// <summary>Writes a file; one of that name is replaced.</summary>
    public void Write(string path, byte[] content, bool isWindows)
    {
        var url = Call(
            "InitiateFileTransferToGuest",
            _files,
            changes: true,
            VimXml.Arg("guestFilePath", path),
            VimXml.Node("fileAttributes", isWindows ? "GuestWindowsFileAttributes" : "GuestPosixFileAttributes"),
            VimXml.Arg("fileSize", content.Length),
            VimXml.Arg("overwrite", true)).Text("returnval");
        Transfer(new HttpCall("PUT", Address(url)) { Body = HttpBody.Of("application/octet-stream", content) }, path);
    }

    /// <summary>Reads a small file; null when it is not there.</summary>
    public byte[]? Read(string path)
    {
        try
        {
            var file = Call("InitiateFileTransferFromGuest", _files, changes: false, VimXml.Arg("guestFilePath", path)).Child("returnval");
            if (file?.Long("size") > MaxLogBytes)
                throw VimXml.Bad(_session.Name, $"'{path}' in the guest is larger than {MaxLogBytes} bytes", null);
            return Transfer(new HttpCall("GET", Address(file?.Text("url"))), path).Body;
        }
        catch (VimException e) when (e.FaultType == "FileNotFound")
        {
            return null;
        }
    }

    /// <summary>Removes a file; one that is not there does not matter.</summary>
    public void Delete(string path)
    {
        try
        {
            Call("DeleteFileInGuest", _files, changes: true, VimXml.Arg("filePath", path));
        }
        catch (VimException e)
        {
            _session.Note($"'{path}' stays in the guest: {e.Message}");
        }
    }

    /// <summary>Runs a program to its end.</summary>
    /// <returns>Its exit code.</returns>
    /// <exception cref="OsMigrateException"><see cref="ErrorIds.VSphereTimeout"/>.</exception>
    public int Run(string program, string arguments, TimeSpan limit)
    {
        var id = Call("StartProgramInGuest", _processes, changes: true, VimXml.Node("spec", null, VimXml.Arg("programPath", program), VimXml.Arg("arguments", arguments))).Long("returnval")
                 ?? throw VimXml.Bad(_session.Name, "it names no process", null);
        var end = DateTime.UtcNow + limit;
        for (var pause = 250; ; pause = Math.Min(3000, pause * 2))
        {
            var process = Call("ListProcessesInGuest", _processes, changes: false, VimXml.Arg("pids", id)).List("returnval").Select(static p => (VimData?)p).FirstOrDefault();
            if (process?.Time("endTime") is not null)
                return process.Value.Int("exitCode") ?? 0;
            if (DateTime.UtcNow > end)
                throw new OsMigrateException(ErrorIds.VSphereTimeout, ErrorKind.ResourceUnavailable, $"'{program}' in the guest took longer than {limit.TotalMinutes:0.#} minutes; it may still end by itself.");
            _cancel.WaitHandle.WaitOne(pause);
            _cancel.ThrowIfCancellationRequested();
        }
    }

    private VimData Call(string method, MoRef on, bool changes, params XElement[] arguments)
    {
        var auth = VimXml.Node("auth", "NamePasswordAuthentication", VimXml.Arg("interactiveSession", false), VimXml.Arg("username", _login.User), VimXml.Arg("password", _login.Password.Reveal()));
        return _session.Call(method, on, _cancel, changes, [VimXml.Arg("vm", _machine), auth, .. arguments]);
    }

    private HttpReply Transfer(HttpCall call, string path)
    {
        var reply = _session.Transport.Send(call, _cancel);
        return reply.IsSuccess ? reply : throw new OsMigrateException(ErrorIds.VSphereFailed, ErrorKind.ResourceUnavailable, $"{_session.Name} answered HTTP {reply.Status} for '{path}' in the guest.", path);
    }

    private Uri Address(string? url)
    {
        var text = (url ?? "").Replace("://*", "://" + _session.Server.Sdk.Host);
        return Uri.TryCreate(text, UriKind.Absolute, out var address) && address.Scheme == Uri.UriSchemeHttps ? address : throw VimXml.Bad(_session.Name, "it names no https address for a file of the guest", null);
    }

    private OsMigrateException Missing() => new(ErrorIds.VSphereUnsupported, ErrorKind.NotSupported, $"{_session.Name} offers no guest operations.", _session.Name);
}
