using OsMigrate.Bytes;
using OsMigrate.Net.Ssh;
using OsMigrate.OpenStack.Configuration;
using OsMigrate.Tests.Net.Ssh;
using OsMigrate.Tests.Support;

namespace OsMigrate.Tests.OpenStack.Configuration;

/// <summary>Configuration files over a real sshd on loopback.</summary>
[System.Runtime.Versioning.UnsupportedOSPlatform("windows")]
public sealed class RemoteConfigTests(SshSessionTests.Server shared) : IClassFixture<SshSessionTests.Server>, IDisposable
{
    private readonly TempFolder _folder = new();

    private SshServer Host => shared.Host ?? throw new SkipException("sshd is not installed (Debian's openssh-server)");

    public void Dispose() => _folder.Dispose();

    [SkippableFact]
    public void Files_of_a_host_are_found_read_checked_and_changed()
    {
        using var session = SshSession.Connect(Host.Login(), default);
        Sample.Write(_folder.Path, Sample.Files());
        var etc = _folder.File("cmp1/etc");
        Tool.Check("chmod", "644", etc + "/nova/nova.conf");
        var files = ConfigFiles.Remote(session, "compute1", etc, null, e => throw e, default);
        Assert.Equal(["compute1"], files.Nodes);
        Assert.Equal(2, files.Count);
        Assert.Contains(files.Written(null, false), s => s.Option == "transport_url" && s.Value == "rabbit://openstack:***@mq.example.org:5672/");
        Assert.Equal("Config.File.WorldReadable", Assert.Single(files.Test(null, default), f => f.Id.StartsWith("Config.File", StringComparison.Ordinal)).Id);

        var change = files.Write(files.PlanOption("DEFAULT", "my_ip", ["10.0.0.99"], add: false, force: false, null), true, default);
        Assert.Contains("my_ip = 10.0.0.99\n", File.ReadAllText(etc + "/nova/nova.conf"), StringComparison.Ordinal);
        Assert.Contains("my_ip = 10.0.0.21\n", File.ReadAllText(change.Backup!), StringComparison.Ordinal);
        Assert.Equal(File.GetUnixFileMode(etc + "/nova/nova.conf"), File.GetUnixFileMode(change.Backup!));
        // What was read is no longer what is there.
        Assert.Equal(ErrorIds.ConfigChanged, Assert.Throws<OsMigrateException>(() => files.Write(files.PlanOption("DEFAULT", "my_ip", ["10.0.0.98"], add: false, force: false, null), true, default)).ErrorId);
        Assert.Equal(ErrorIds.ConfigNotFound, Assert.Throws<OsMigrateException>(() => ConfigFiles.Remote(session, "x", _folder.File("cmp1/etc/iscsi"), null, e => throw e, default)).ErrorId);
    }
}
