using System.Text;
using OsMigrate.Bytes;
using OsMigrate.Net.Ssh;
using OsMigrate.Tests.Support;

namespace OsMigrate.Tests.Net.Ssh;

/// <summary>Files over a real sshd on loopback, looked at from the other side.</summary>
public sealed class SshFilesTests(SshSessionTests.Server shared) : IClassFixture<SshSessionTests.Server>, IDisposable
{
    private readonly TempFolder _folder = new();

    private SshServer Host => shared.Host ?? throw new SkipException("sshd is not installed (Debian's openssh-server)");

    public void Dispose() => _folder.Dispose();

    [SkippableFact]
    public void Files_are_read_whole_also_those_of_proc()
    {
        using var session = SshSession.Connect(Host.Login, default);
        var content = new byte[200_001];
        new Random(1).NextBytes(content);
        File.WriteAllBytes(_folder.File("f"), content);
        Assert.Equal(content, session.ReadFile(_folder.File("f"), content.Length, default));
        Assert.Equal(File.ReadAllText("/proc/version"), Encoding.UTF8.GetString(session.ReadFile("/proc/version", 10_000, default)));
        Assert.Equal(ErrorIds.NetBadAnswer, Fails(() => session.ReadFile(_folder.File("f"), content.Length - 1, default)));
        Assert.Equal(ErrorIds.SshFileNotFound, Fails(() => session.ReadFile(_folder.File("none"), 10, default)));
        Assert.Equal(ErrorIds.SshFileAccess, Fails(() => session.ReadFile(_folder.Path, 10, default)));
    }

    [SkippableFact]
    public void Folders_are_listed_by_name_with_sizes_and_modes()
    {
        using var session = SshSession.Connect(Host.Login, default);
        File.WriteAllText(_folder.File("b.conf"), "12345");
        Tool.Check("chmod", "640", _folder.File("b.conf"));
        Directory.CreateDirectory(_folder.File("a"));
        Directory.CreateSymbolicLink(_folder.File("c"), _folder.File("a"));
        var found = session.ListFolder(_folder.Path, default);
        Assert.Equal([("a", true), ("b.conf", false), ("c", true)], found.Select(f => (f.Name, f.IsFolder)));
        Assert.Equal((5L, "640"), (found[1].SizeBytes, found[1].Mode));
        Assert.Equal(ErrorIds.SshFileNotFound, Fails(() => session.ListFolder(_folder.File("none"), default)));
    }

    [SkippableFact]
    public void A_file_is_replaced_with_its_mode_and_owner_and_nothing_is_left_beside_it()
    {
        using var session = SshSession.Connect(Host.Login, default);
        var path = _folder.File("nova.conf");
        File.WriteAllText(path, "old");
        Tool.Check("chmod", "640", path);
        if (Environment.UserName == "root")
            Tool.Check("chown", "4321:1234", path);
        var before = Tool.Check("stat", "-c", "%a %u %g", path);
        session.WriteFile(path, Encoding.UTF8.GetBytes("new"), default);
        Assert.Equal("new", File.ReadAllText(path));
        Assert.Equal(before, Tool.Check("stat", "-c", "%a %u %g", path));
        Assert.Single(Directory.GetFiles(_folder.Path));
    }

    [SkippableFact]
    public void A_link_stays_one_and_a_new_file_is_made()
    {
        using var session = SshSession.Connect(Host.Login, default);
        File.WriteAllText(_folder.File("real"), "old");
        File.CreateSymbolicLink(_folder.File("link"), "real");
        session.WriteFile(_folder.File("link"), Encoding.UTF8.GetBytes("new"), default);
        Assert.Equal("real", new FileInfo(_folder.File("link")).LinkTarget);
        Assert.Equal("new", File.ReadAllText(_folder.File("real")));
        session.WriteFile(_folder.File("fresh"), [1, 2], default);
        Assert.Equal("644", Tool.Check("stat", "-c", "%a", _folder.File("fresh")).Trim());
        Assert.Equal(ErrorIds.SshFileNotFound, Fails(() => { session.WriteFile(_folder.File("no/such/f"), [1], default); return 0; }));
        Assert.Equal(3, Directory.GetFiles(_folder.Path).Length);
    }

    private static string Fails<T>(Func<T> work) => Assert.Throws<OsMigrateException>(() => { _ = work(); }).ErrorId;
}
