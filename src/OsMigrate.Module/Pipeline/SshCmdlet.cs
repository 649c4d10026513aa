using System.Management.Automation;
using OsMigrate.Bytes;
using OsMigrate.Module.Parameters;
using OsMigrate.Net.Ssh;

namespace OsMigrate.Module.Pipeline;

/// <summary>A cmdlet that can work on remote hosts over SSH: how to log in, and which host keys count. Which hosts, each cmdlet says itself.</summary>
public abstract class SshCmdlet : AsyncCmdlet
{
    private string? _keyFile;
    private IReadOnlyList<string> _knownHosts = [];

    /// <summary>User and password; with -KeyFile the password is what the key is locked with, and is tried as the user's password too.</summary>
    [Parameter]
    [Credential]
    public PSCredential? Credential { get; set; }

    [Parameter]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(FileCompleter))]
    public string? KeyFile { get; set; }

    [Parameter]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(FileCompleter))]
    public string[]? KnownHosts { get; set; }

    [Parameter]
    [ValidateRange(1, 65535)]
    public int Port { get; set; } = SshLogin.DefaultPort;

    [Parameter]
    public SwitchParameter AcceptNewHostKey { get; set; }

    [Parameter]
    public SwitchParameter SkipHostKeyCheck { get; set; }

    protected override void CheckParameters()
    {
        if (SkipHostKeyCheck && (AcceptNewHostKey || KnownHosts is not null))
            throw new OsMigrateException(ErrorIds.BadRequest, ErrorKind.InvalidArgument, "With -SkipHostKeyCheck neither -KnownHosts nor -AcceptNewHostKey has a meaning.");
        _keyFile = KeyFile is null ? null : FilePaths.Existing(SessionState, KeyFile);
        _knownHosts = KnownHosts?.Select(f => FilePaths.Literal(SessionState, f)).ToList() ?? SshLogin.DefaultKnownHosts;
    }

    /// <summary>From the work: logs in, works, logs out.</summary>
    /// <param name="computer">As the user names it; user@ and :port in it come before the parameters.</param>
    private protected T OnHost<T>(string computer, Func<SshSession, T> work)
    {
        var login = LoginTo(SshAddress.Parse(computer));
        if (login.SkipHostKeyCheck)
            Warn($"The key of {login.Name} is not checked, as asked. Anyone on the way can read and change what is sent.");
        using var session = SshSession.Connect(login, Cancel);
        if (session.HostKeyAddedTo is { } file)
            Warn($"The key of {login.Name} was new and is in '{file}' from now on.");
        return work(session);
    }

    private SshLogin LoginTo(SshAddress address)
    {
        var password = Secret.Of(Credential?.GetNetworkCredential().Password);
        return new SshLogin
        {
            Host = address.Host,
            Port = address.Port ?? Port,
            User = address.User ?? Credential?.UserName.TrimStart('\\') ?? Environment.UserName,
            Password = password,
            KeyFile = _keyFile,
            KeyPassphrase = _keyFile is null ? null : password,
            KnownHostsFiles = _knownHosts,
            AcceptNewHostKey = AcceptNewHostKey,
            SkipHostKeyCheck = SkipHostKeyCheck,
        };
    }
}
