using OsMigrate.Bytes;

namespace OsMigrate.Net.Ssh;

/// <summary>Where to log in over SSH, as whom, by what proof, and which host keys count. Applies to one host.</summary>
/// <remarks>Proofs are tried in this order: <see cref="KeyFile"/>, the agent, <see cref="Password"/>; with none of them the user's default keys.</remarks>
public sealed record SshLogin
{
    public const int DefaultPort = 22;

    /// <summary>The known_hosts files that ssh itself reads on this machine.</summary>
    public static IReadOnlyList<string> DefaultKnownHosts => Ssh.KnownHosts.DefaultFiles;

    /// <summary>Name or address, without user and port.</summary>
    public required string Host { get; init; }

    public int Port { get; init; } = DefaultPort;

    public required string User { get; init; }

    /// <summary>Null when no password is to be sent.</summary>
    public Secret? Password { get; init; }

    /// <summary>Full path of a private key in OpenSSH, PEM or PuTTY form; null for none.</summary>
    public string? KeyFile { get; init; }

    /// <summary>What the key file is locked with; null when it is not.</summary>
    public Secret? KeyPassphrase { get; init; }

    /// <summary>Ask the agent of SSH_AUTH_SOCK (on Windows the pipe openssh-ssh-agent) for its keys.</summary>
    public bool UseAgent { get; init; } = true;

    /// <summary>Full paths of known_hosts files; those that do not exist count as empty. A new key is added to the first.</summary>
    public IReadOnlyList<string> KnownHostsFiles { get; init; } = DefaultKnownHosts;

    /// <summary>True accepts any host key; the user must have said so for this very host.</summary>
    public bool SkipHostKeyCheck { get; init; }

    /// <summary>True adds the key of a host that is in none of the files, and goes on. A changed key is refused all the same.</summary>
    public bool AcceptNewHostKey { get; init; }

    /// <summary>For the connection and the login together.</summary>
    public TimeSpan ConnectLimit { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>The host as messages name it: with its port when that is not 22.</summary>
    public string Name => Port == DefaultPort ? Host : $"{Host}:{Port}";
}
