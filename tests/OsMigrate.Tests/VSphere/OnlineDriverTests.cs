using OsMigrate.Bytes;
using OsMigrate.Tests.Support;
using OsMigrate.Migrations.Preparation;
using OsMigrate.VSphere.Datastores;
using OsMigrate.VSphere.GuestOperations;
using OsMigrate.VSphere.Sessions;
using static OsMigrate.Tests.VSphere.VSpherePeer;

namespace OsMigrate.Tests.VSphere;

/// <summary>Drivers installed in running guests. The peer notes the programs and keeps the files; it runs nothing.</summary>
public sealed class OnlineDriverTests : IDisposable
{
    private static readonly DatastorePath Iso = DatastorePath.Parse("[LocalDS_0] iso/virtio-win.iso");

    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [SkippableFact]
    public void A_Windows_gets_the_disc_pnputil_is_run_and_the_disc_is_taken_out()
    {
        using var peer = Peer("guest=windows2019srv_64Guest,power=on");
        using var session = Connect(peer);
        var result = Drivers(session).Run();
        Assert.Equal((0, false), (result.ExitCode, result.WasRestarted));
        var calls = peer.Calls;
        var insert = Index(calls, "ReconfigVM_Task");
        var start = Index(calls, "StartProgramInGuest");
        var remove = calls.ToList().FindLastIndex(c => c.StartsWith("ReconfigVM_Task", StringComparison.Ordinal));
        Assert.True(insert < start && start < remove, string.Join('\n', calls));
        Assert.Equal("", peer.Machine("a").GetProperty("Media").GetString());
        Assert.DoesNotContain(calls, c => c.StartsWith("PowerO", StringComparison.Ordinal));
        Assert.Equal(2, calls.Count(c => c.StartsWith("DeleteFileInGuest", StringComparison.Ordinal)));
    }

    [SkippableFact]
    public void A_Linux_rebuilds_its_initramfs_and_needs_no_disc()
    {
        using var peer = Peer("guest=rhel8_64Guest,power=on");
        using var session = Connect(peer);
        Drivers(session, disc: null).Run();
        Assert.DoesNotContain(peer.Calls, c => c.StartsWith("ReconfigVM_Task", StringComparison.Ordinal));
        Assert.Contains(peer.Calls, c => c.StartsWith("StartProgramInGuest", StringComparison.Ordinal));
    }

    [SkippableFact]
    public void A_machine_without_a_CD_drive_is_shut_down_gets_one_and_runs_again()
    {
        using var peer = Peer("guest=windows2019srv_64Guest,power=on,cdrom=off");
        using var session = Connect(peer);
        Assert.True(Drivers(session).Run().WasRestarted);
        Assert.Equal("poweredOn", peer.Power("a"));
        var calls = peer.Calls;
        Assert.True(Index(calls, "ShutdownGuest") < Index(calls, "ReconfigVM_Task") && Index(calls, "ReconfigVM_Task") < Index(calls, "PowerOnVM_Task"), string.Join('\n', calls));
        Assert.Equal("", peer.Machine("a").GetProperty("Media").GetString());
    }

    [SkippableTheory]
    [InlineData("guest=windows2019srv_64Guest,power=on,tools=off", "guest-pass", ErrorIds.VSphereState)]
    [InlineData("guest=windows2019srv_64Guest", "guest-pass", ErrorIds.VSphereState)]
    [InlineData("guest=windows2019srv_64Guest,power=on", "canary-wrong", ErrorIds.VSphereUnauthorized)]
    [InlineData("guest=windows2019srv_64Guest,power=on,cdrom=off", "canary-wrong", ErrorIds.VSphereUnauthorized)]
    public void What_cannot_be_done_is_refused_before_anything_is_changed(string machine, string password, string id)
    {
        using var peer = Peer(machine);
        using var session = Connect(peer);
        peer.ForgetCalls();
        var fault = Assert.ThrowsAny<OsMigrateException>(() => Drivers(session, password: password).Run());
        Assert.Equal(id, fault.ErrorId);
        Assert.DoesNotContain("canary", fault.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain(peer.Calls, c => c.StartsWith("Reconfig", StringComparison.Ordinal) || c.StartsWith("Shutdown", StringComparison.Ordinal) || c.StartsWith("StartProgram", StringComparison.Ordinal));
    }

    [SkippableFact]
    public void Tools_that_fail_are_an_error_with_their_code_and_the_disc_is_taken_out()
    {
        using var peer = Peer("guest=windows2019srv_64Guest,power=on");
        using var session = Connect(peer);
        // The peer's programs end with the code that lies in this file of the guest.
        new GuestSession(session, Machine(session, "a").Reference, new GuestLogin("root", new Secret("guest-pass")), None).Write("/.exit", "5"u8.ToArray(), isWindows: false);
        var fault = Assert.ThrowsAny<OsMigrateException>(() => Drivers(session).Run());
        Assert.Equal(ErrorIds.GuestNotFit, fault.ErrorId);
        Assert.Contains("exit code 5", fault.Message, StringComparison.Ordinal);
        Assert.Equal("", peer.Machine("a").GetProperty("Media").GetString());
    }

    [SkippableFact]
    public void Files_go_into_a_guest_and_come_back()
    {
        using var peer = Peer("guest=rhel8_64Guest,power=on");
        using var session = Connect(peer);
        var guest = new GuestSession(session, Machine(session, "a").Reference, new GuestLogin("root", new Secret("guest-pass")), None);
        var content = Enumerable.Range(0, 100_000).Select(i => (byte)i).ToArray();
        guest.Write("/tmp/x.bin", content, isWindows: false);
        Assert.Equal(content, guest.Read("/tmp/x.bin"));
        guest.Delete("/tmp/x.bin");
        Assert.Null(guest.Read("/tmp/x.bin"));
    }

    [SkippableFact]
    public void The_Linux_script_is_what_a_shell_understands()
    {
        var shell = Tool.Find("sh");
        Skip.If(shell is null, "there is no sh");
        var script = _folder.File("s.sh");
        File.WriteAllText(script, OnlineScripts.Linux());
        Tool.Check(shell!, "-n", script);
    }

    [Fact]
    public void The_Windows_script_knows_every_release_since_Vista()
    {
        var script = OnlineScripts.Windows();
        Assert.Contains(",@(17763, 20347, $true, @('2k19', '2k16', 'w10'))", script, StringComparison.Ordinal);
        Assert.Equal(14, script.Split('\n').Count(l => l.StartsWith("    ,@(", StringComparison.Ordinal)));
    }

    private static int Index(IReadOnlyList<string> calls, string method) => calls.ToList().FindIndex(c => c.StartsWith(method, StringComparison.Ordinal));

    private static OnlineDrivers Drivers(VSphereSession session, DatastorePath? disc = default, string password = "guest-pass", bool mayRestart = true)
    {
        var machine = Machine(session, "a");
        return new OnlineDrivers(session, machine, new GuestLogin("root", new Secret(password)), machine.GuestId.StartsWith("win", StringComparison.Ordinal) ? Iso : disc, TimeSpan.FromSeconds(20), mayRestart, new Silent(), None);
    }

    private VCenterPeer Peer(string options)
    {
        var peer = VCenterPeer.Start($"name=a,disk={VCenterPeer.MakeDisk(_folder.File("d.raw"), 1 << 20, 1)},{options}");
        Directory.CreateDirectory(Path.Combine(peer.Datastore, "iso"));
        File.WriteAllText(Path.Combine(peer.Datastore, "iso", "virtio-win.iso"), "the disc");
        peer.ForgetCalls();
        return peer;
    }
}
