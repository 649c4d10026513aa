using System.Diagnostics;
using System.Text;
using OsMigrate.Bytes;
using OsMigrate.Net.Ssh;
using OsMigrate.Tests.Support;

namespace OsMigrate.Tests.Net.Ssh;

/// <summary>Against a real sshd on loopback.</summary>
public sealed class SshSessionTests : IClassFixture<SshSessionTests.Server>
{
    private const string Password = "correct-horse-battery";
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);
    private readonly Server _shared;

    public SshSessionTests(Server shared) => _shared = shared;

    private SshServer Host => _shared.Host ?? throw new SkipException("sshd is not installed (Debian's openssh-server)");

    [SkippableFact]
    public void A_command_gives_its_exit_code_both_outputs_and_takes_input()
    {
        using var session = Connect(Host.Login);
        Assert.Equal(new SshReply(7, "out äé\n", "err\n"), session.Run("echo 'out äé'; echo err >&2; exit 7", Limit, default));
        Assert.Equal(new SshReply(0, "in", ""), session.Run("cat", Limit, default, Encoding.UTF8.GetBytes("in")));
        Assert.Equal(new SshReply(0, "", ""), session.Run("cat < /dev/null", Limit, default));
        var odd = "it's $HOME `id` \\ \"q\" ;|&";
        Assert.Equal(odd, session.Run("printf %s " + SshSession.Quoted(odd), Limit, default).Output);
        Assert.Equal(-1, session.Run("kill -9 $$", Limit, default).ExitCode);
    }

    [SkippableFact]
    public void Commands_end_at_their_limit_at_too_much_output_and_when_cancelled()
    {
        using var session = Connect(Host.Login);
        Assert.Equal(ErrorIds.NetTimeout, Fails(() => session.Run("sleep 60", TimeSpan.FromSeconds(0.5), default)).ErrorId);
        Assert.Equal(ErrorIds.NetBadAnswer, Fails(() => session.Run("yes", Limit, default, maxBytes: 100_000)).ErrorId);
        using var stop = new CancellationTokenSource(500);
        var clock = Stopwatch.StartNew();
        Assert.ThrowsAny<OperationCanceledException>(() => session.Run("sleep 60", Limit, stop.Token));
        Assert.InRange(clock.Elapsed.TotalSeconds, 0, 15);
        Assert.Equal("still here\n", session.Run("echo still here", Limit, default).Output);
    }

    [SkippableFact]
    public void An_unknown_host_is_refused_with_its_fingerprint_and_nothing_is_written()
    {
        using var folder = new TempFolder();
        var file = folder.File("known_hosts");
        var error = Fails(() => Connect(Host.Login with { KnownHostsFiles = [file] }));
        Assert.Equal(ErrorIds.SshUnknownHostKey, error.ErrorId);
        Assert.Contains(Host.Fingerprint("ed25519"), error.Message, StringComparison.Ordinal);
        Assert.False(File.Exists(file));
    }

    [SkippableFact]
    public void A_new_key_is_added_when_asked_to_and_ssh_itself_trusts_the_file_then()
    {
        using var folder = new TempFolder();
        var file = folder.File("known_hosts");
        var login = Host.Login with { KnownHostsFiles = [file], AcceptNewHostKey = true };
        using (var session = Connect(login))
            Assert.Equal(file, session.HostKeyAddedTo);
        using (var session = Connect(login))
            Assert.Null(session.HostKeyAddedTo);
        Tool.Require("ssh");
        Assert.Equal("ok", Tool.Check("ssh", "-F", "none", "-o", "StrictHostKeyChecking=yes", "-o", $"UserKnownHostsFile={file}", "-i", Host.KeyFile, "-p", $"{Host.Port}", $"{login.User}@127.0.0.1", "echo ok").Trim());
    }

    [SkippableTheory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_changed_key_is_refused_also_when_new_ones_are_accepted(bool accept)
    {
        using var folder = new TempFolder();
        var file = folder.File("known_hosts");
        File.WriteAllText(file, $"[127.0.0.1]:{Host.Port} {File.ReadAllText(Host.KeyFile + ".pub")}");
        var error = Fails(() => Connect(Host.Login with { KnownHostsFiles = [file], AcceptNewHostKey = accept }));
        Assert.Equal(ErrorIds.SshHostKeyChanged, error.ErrorId);
        Assert.Contains(Host.Fingerprint("ed25519"), error.Message, StringComparison.Ordinal);
        Assert.Contains("line 1", error.Message, StringComparison.Ordinal);
        Assert.Single(File.ReadAllLines(file));
    }

    [SkippableFact]
    public void A_revoked_key_is_refused()
    {
        using var folder = new TempFolder();
        File.WriteAllText(folder.File("k"), $"[127.0.0.1]:{Host.Port} {Host.HostKey("ed25519")}\n@revoked * {Host.HostKey("ed25519")}\n");
        Assert.Equal(ErrorIds.SshHostKeyRevoked, Fails(() => Connect(Host.Login with { KnownHostsFiles = [folder.File("k")] })).ErrorId);
    }

    [SkippableFact]
    public void A_host_known_by_its_RSA_key_alone_is_asked_for_that_one()
    {
        using var folder = new TempFolder();
        Host.Trust(folder.File("k"), "rsa");
        using var session = Connect(Host.Login with { KnownHostsFiles = [folder.File("k")] });
        Assert.Equal(0, session.Run("true", Limit, default).ExitCode);
    }

    [SkippableFact]
    public void Without_the_check_any_key_does()
    {
        using var session = Connect(Host.Login with { KnownHostsFiles = [], SkipHostKeyCheck = true });
        Assert.Equal(0, session.Run("true", Limit, default).ExitCode);
    }

    [SkippableFact]
    public void A_locked_key_needs_its_passphrase_and_errors_do_not_show_it()
    {
        using var folder = new TempFolder();
        var key = folder.File("locked");
        File.Copy(Host.KeyFile, key);
        Tool.Check("ssh-keygen", "-q", "-p", "-P", "", "-N", Password, "-f", key);
        using (var session = Connect(Host.Login with { KeyFile = key, KeyPassphrase = new Secret(Password) }))
            Assert.Equal(0, session.Run("true", Limit, default).ExitCode);
        Assert.Contains("locked", Fails(() => Connect(Host.Login with { KeyFile = key })).Message, StringComparison.Ordinal);
        var wrong = Fails(() => Connect(Host.Login with { KeyFile = key, KeyPassphrase = new Secret(Password + "!") }));
        Assert.Equal(ErrorIds.SshSettings, wrong.ErrorId);
        Assert.DoesNotContain(Password, wrong.ToString(), StringComparison.Ordinal);
        Assert.Equal(ErrorIds.SshSettings, Fails(() => Connect(Host.Login with { KeyFile = Host.KnownHosts })).ErrorId);
    }

    [SkippableFact]
    public void A_refused_user_is_told_so_and_the_password_is_not_shown()
    {
        var error = Fails(() => Connect(Host.Login with { KeyFile = null, UseAgent = false, Password = new Secret(Password) }));
        Assert.Equal(ErrorIds.SshUnauthorized, error.ErrorId);
        Assert.DoesNotContain(Password, error.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain(Password, (Host.Login with { Password = new Secret(Password) }).ToString(), StringComparison.Ordinal);
    }

    [SkippableTheory]
    [InlineData("ed25519")]
    [InlineData("rsa")]
    [InlineData("ecdsa")]
    public void The_agent_s_keys_let_in(string type)
    {
        Tool.Require("ssh-agent");
        using var folder = new TempFolder();
        var key = folder.File("agents");
        Tool.Check("ssh-keygen", "-q", "-t", type, "-N", "", "-C", "", "-f", key);
        File.AppendAllText(Host.File("authorized_keys"), File.ReadAllText(key + ".pub"));
        using var agent = Process.Start(new ProcessStartInfo("ssh-agent", ["-D", "-a", folder.File("sock")]) { RedirectStandardOutput = true, UseShellExecute = false })!;
        var before = Environment.GetEnvironmentVariable("SSH_AUTH_SOCK");
        try
        {
            for (var i = 0; i < 100 && !File.Exists(folder.File("sock")); i++)
                Thread.Sleep(20);
            Environment.SetEnvironmentVariable("SSH_AUTH_SOCK", folder.File("sock"));
            // The agent has no key yet, and the default keys are not this server's.
            Assert.Contains(Fails(() => Connect(Host.Login with { KeyFile = null, User = "nobody-of-that-name" })).ErrorId, new[] { ErrorIds.SshUnauthorized, ErrorIds.SshSettings });
            Tool.Check("ssh-add", "-q", key);
            using var session = Connect(Host.Login with { KeyFile = null });
            Assert.Equal(0, session.Run("true", Limit, default).ExitCode);
        }
        finally
        {
            Environment.SetEnvironmentVariable("SSH_AUTH_SOCK", before);
            agent.Kill();
            agent.WaitForExit();
        }
    }

    [SkippableFact]
    public void A_port_where_nothing_listens_is_unreachable()
    {
        var error = Fails(() => Connect(Host.Login with { Port = 1 }));
        Assert.Equal(ErrorIds.NetUnreachable, error.ErrorId);
        Assert.Equal(ErrorIds.NetUnreachable, Fails(() => Connect(Host.Login with { Host = "no-such-host.invalid" })).ErrorId);
    }

    private static SshSession Connect(SshLogin login) => SshSession.Connect(login, default);

    private static OsMigrateException Fails(Action work) => Assert.Throws<OsMigrateException>(work);

    private static OsMigrateException Fails<T>(Func<T> work) => Assert.Throws<OsMigrateException>(() => { _ = work(); });

    /// <summary>One sshd for all tests of the class; none where OpenSSH is missing.</summary>
    public sealed class Server : IDisposable
    {
        public Server()
        {
            try
            {
                Host = SshServer.Start();
            }
            catch (SkipException)
            {
                Host = null;
            }
        }

        public SshServer? Host { get; }

        public void Dispose() => Host?.Dispose();
    }
}
