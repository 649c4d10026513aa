using OsMigrate.Net.Ssh;
using OsMigrate.Tests.Support;

namespace OsMigrate.Tests.Net.Ssh;

public static class SshLogins
{
    /// <summary>The login that the server lets in.</summary>
    public static SshLogin Login(this SshServer server)
        => new() { Host = "127.0.0.1", Port = server.Port, User = Environment.UserName, KeyFile = server.KeyFile, KnownHostsFiles = [server.KnownHosts] };
}
