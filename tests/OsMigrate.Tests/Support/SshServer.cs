using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using OsMigrate.Net.Ssh;

namespace OsMigrate.Tests.Support;

/// <summary>A real sshd on loopback, on a free port, with host keys and users' keys of its own in a folder that goes away with it.</summary>
public sealed class SshServer : IDisposable
{
    private readonly TempFolder _folder = new();
    private readonly Process _process;

    private SshServer()
    {
        foreach (var type in new[] { "ed25519", "rsa" })
            Tool.Check("ssh-keygen", "-q", "-t", type, "-N", "", "-C", "", "-f", File($"host_{type}"));
        Tool.Check("ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-C", "", "-f", KeyFile);
        System.IO.File.Copy(KeyFile + ".pub", File("authorized_keys"));
        Port = FreePort();
        System.IO.File.WriteAllText(File("sshd_config"), $"""
            ListenAddress 127.0.0.1
            Port {Port}
            HostKey {File("host_ed25519")}
            HostKey {File("host_rsa")}
            AuthorizedKeysFile {File("authorized_keys")}
            StrictModes no
            UsePAM no
            PermitRootLogin yes
            PidFile none
            Subsystem sftp internal-sftp
            """);
        // It separates privileges in this folder, which a service manager makes elsewhere.
        if (Environment.UserName == "root")
            Directory.CreateDirectory("/run/sshd");
        var start = new ProcessStartInfo(Program()!) { RedirectStandardError = true, UseShellExecute = false };
        foreach (var argument in new[] { "-D", "-e", "-f", File("sshd_config") })
            start.ArgumentList.Add(argument);
        _process = Process.Start(start)!;
        _process.ErrorDataReceived += (_, e) =>
        {
            lock (_folder)
                Said += e.Data + "\n";
        };
        _process.BeginErrorReadLine();
        WaitForPort();
        Trust(KnownHosts, "ed25519");
    }

    public int Port { get; }

    public string Name => $"127.0.0.1:{Port}";

    /// <summary>A private key that the server lets in.</summary>
    public string KeyFile => File("user_key");

    /// <summary>A known_hosts file with the server's ed25519 key.</summary>
    public string KnownHosts => File("known_hosts");

    /// <summary>What sshd wrote about itself.</summary>
    public string Said { get; private set; } = "";

    public SshLogin Login => new() { Host = "127.0.0.1", Port = Port, User = Environment.UserName, KeyFile = KeyFile, KnownHostsFiles = [KnownHosts] };

    /// <summary>Starts one; skips the calling test where OpenSSH is not installed.</summary>
    public static SshServer Start()
    {
        Skip.If(Program() is null, "sshd is not installed (Debian's openssh-server)");
        Tool.Require("ssh-keygen");
        return new SshServer();
    }

    public string File(string name) => _folder.File(name);

    /// <summary>Writes a known_hosts file with one of the server's keys.</summary>
    public void Trust(string file, string type)
        => System.IO.File.WriteAllText(file, $"[127.0.0.1]:{Port} {HostKey(type)}\n");

    /// <summary>"ssh-ed25519 AAAA..."</summary>
    public string HostKey(string type) => System.IO.File.ReadAllText(File($"host_{type}.pub")).Trim();

    /// <summary>As ssh-keygen tells it: SHA256:...</summary>
    public string Fingerprint(string type) => Tool.Check("ssh-keygen", "-lf", File($"host_{type}.pub")).Split(' ')[1];

    public void Dispose()
    {
        _process.Kill(entireProcessTree: true);
        _process.WaitForExit();
        _process.Dispose();
        _folder.Dispose();
    }

    private static string? Program() => Tool.Find("sshd") ?? new[] { "/usr/sbin/sshd" }.FirstOrDefault(System.IO.File.Exists);

    private static int FreePort()
    {
        var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var port = ((IPEndPoint)listener.LocalEndpoint).Port;
        listener.Stop();
        return port;
    }

    private void WaitForPort()
    {
        for (var i = 0; i < 200; i++)
        {
            using var client = new TcpClient();
            try
            {
                client.Connect(IPAddress.Loopback, Port);
                return;
            }
            catch (SocketException) when (!_process.HasExited)
            {
                Thread.Sleep(50);
            }
            catch (SocketException e)
            {
                throw new InvalidOperationException($"sshd ended with {_process.ExitCode.ToString(CultureInfo.InvariantCulture)}: {Said}", e);
            }
        }

        throw new TimeoutException("sshd does not listen: " + Said);
    }
}
