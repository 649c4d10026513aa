using OsMigrate.Bytes;
using OsMigrate.Hypervisors;
using OsMigrate.Hypervisors.Collection;
using OsMigrate.Hypervisors.Kvm;
using OsMigrate.Net.Ssh;
using OsMigrate.Tests.Net.Ssh;
using OsMigrate.Tests.Support;

namespace OsMigrate.Tests.Hypervisors;

/// <summary>This machine read in each way: what is found has to be the same, and true.</summary>
public sealed class HostReadingTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [SkippableFact]
    public void This_machine_is_told_as_its_own_files_and_programs_tell_it()
    {
        Skip.IfNot(OperatingSystem.IsLinux(), "Linux only");
        var host = KvmAssessment.Of(HostReading.Local(tryGuest: true, default));
        var flags = File.ReadAllText("/proc/cpuinfo");
        Assert.Equal(flags.Contains(" vmx", StringComparison.Ordinal) ? "vmx" : flags.Contains(" svm", StringComparison.Ordinal) ? "svm" : null, host.CpuFlag);
        var device = host.Checks.Single(c => c.Check == "/dev/kvm");
        Assert.Equal(File.Exists("/dev/kvm"), !device.Found.StartsWith("not there", StringComparison.Ordinal));
        if (Tool.Find("qemu-system-x86_64") is not null)
            Assert.Contains(host.QemuVersion!, Tool.Run("qemu-system-x86_64", "--version").Output, StringComparison.Ordinal);
        Assert.Equal(host.GuestRun is { IsNative: true }, host.KvmUsable);
    }

    [SkippableFact]
    public void The_guest_run_in_this_process_and_by_Python_come_to_the_same()
    {
        Skip.IfNot(File.Exists("/dev/kvm"), "there is no /dev/kvm");
        Tool.Require("python3");
        Skip.If(KvmProbe.Unfit is not null, KvmProbe.Unfit);
        var script = _folder.File("probe.py");
        File.WriteAllText(script, ProbeScript.Text);
        var said = ProbeScript.Read(Tool.Check("python3", script));
        var (own, other) = (KvmProbe.Run(default), ProbeScript.Guest(said)!);
        Assert.Equal((own.OpenError, own.ApiVersion, own.MadeMachine, own.RanRealMode, own.RanLongMode, own.IsInterpreted, own.Error is null), (other.OpenError, other.ApiVersion, other.MadeMachine, other.RanRealMode, other.RanLongMode, other.IsInterpreted, other.Error is null));
        Assert.Equal(CpuidFacts.From(Cpuid.Leaf), CpuidFacts.Parse(said));
    }

    [SkippableTheory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_guest_that_never_ends_is_ended(bool cancelled)
    {
        Skip.If(KvmProbe.Unfit is not null, KvmProbe.Unfit);
        Skip.IfNot(KvmProbe.Run(default).RanLongMode, "KVM runs no guest here");
        var forever = GuestCode.LongMode();
        // jmp to itself
        (forever[GuestCode.Load], forever[GuestCode.Load + 1]) = (0xEB, 0xFE);
        using var stop = new CancellationTokenSource();
        if (cancelled)
            stop.CancelAfter(500);
        var clock = System.Diagnostics.Stopwatch.StartNew();
        if (cancelled)
            Assert.ThrowsAny<OperationCanceledException>(() => KvmProbe.Run(TimeSpan.FromSeconds(60), forever, stop.Token));
        else
            Assert.Equal("it did not come back within 1 s", KvmProbe.Run(TimeSpan.FromSeconds(1), forever, default).Error);
        Assert.InRange(clock.Elapsed.TotalSeconds, 0.3, 20);
        Assert.DoesNotContain(Directory.GetFiles("/proc/self/fd").Select(f => new FileInfo(f).LinkTarget), target => target?.Contains("kvm-vcpu", StringComparison.Ordinal) == true);
    }

    [SkippableFact]
    public void Over_SSH_this_machine_is_the_same_as_looked_at_directly()
    {
        using var server = SshServer.Start();
        using var session = SshSession.Connect(server.Login(), default);
        var (there, here) = (KvmAssessment.Of(HostReading.Remote(session, tryGuest: true, default)), KvmAssessment.Of(HostReading.Local(tryGuest: true, default)));
        Assert.Equal((here.Verdict, here.KvmUsable, here.CpuModel, here.CpuFlag, here.RunsIn, here.KernelModule, here.QemuVersion, here.LibvirtVersion), (there.Verdict, there.KvmUsable, there.CpuModel, there.CpuFlag, there.RunsIn, there.KernelModule, there.QemuVersion, there.LibvirtVersion));
        Assert.Equal(server.Name, there.ComputerName);
    }

    [Fact]
    public void Content_cannot_pass_itself_off_as_the_name_of_another_file()
    {
        var facts = new HostFacts { Name = "h", Source = HostSource.Ssh };
        ShellScript.Read("@F /etc/os-release\n|x\n|@F /proc/cpuinfo\n|flags : vmx\n\n@D /dev\n|kvm\n|null\n\n@C id\n|uid=0\n@E end\n", facts);
        Assert.Null(facts.Text("/proc/cpuinfo"));
        Assert.Equal("x\n@F /proc/cpuinfo\nflags : vmx\n", facts.Text("/etc/os-release"));
        Assert.Equal(["kvm", "null"], facts.Names("/dev"));
        Assert.Equal("uid=0", facts.Answer("id"));
        Assert.False(ShellScript.IsWhole("@F /etc/os-release\n|@E end"));
    }

    [SkippableFact]
    public void Links_in_a_copy_are_not_followed_and_pipes_are_not_waited_for()
    {
        Skip.If(OperatingSystem.IsWindows(), "needs links and pipes");
        var root = HostTree.Intel.Write(_folder.File("tree"));
        File.WriteAllText(_folder.File("outside"), "secret");
        File.CreateSymbolicLink(root + "/proc/version", _folder.File("outside"));
        Directory.Delete(root + "/sys/class/dmi/id", recursive: true);
        Directory.CreateSymbolicLink(root + "/sys/class/dmi/id", _folder.Path);
        Tool.Check("mkfifo", root + "/proc/meminfo");
        var facts = HostReading.Folder(root);
        Assert.Null(facts.Text("/proc/version"));
        Assert.Null(facts.Text("/proc/meminfo"));
        Assert.NotNull(facts.Text("/proc/cpuinfo"));
    }

    [Fact]
    public void A_folder_that_is_no_copy_of_a_host_is_refused()
        => Assert.Equal(ErrorIds.FileNotFound, Assert.Throws<OsMigrateException>(() => HostReading.Folder(_folder.Path)).ErrorId);

    [Fact]
    public void A_script_s_answer_is_read_with_care()
    {
        Assert.Null(ProbeScript.Guest(ProbeScript.Read("Traceback (most recent call last):\n")));
        var run = ProbeScript.Guest(ProbeScript.Read("device=open\napi=12\nvm=1\nreal=1\nlong=0.8\n"))!;
        Assert.True(run.IsNative);
        Assert.Equal("EACCES", ProbeScript.Guest(ProbeScript.Read("device=EACCES\n"))!.OpenError);
        Assert.False(ProbeScript.Guest(ProbeScript.Read("device=open\napi=999999999999\nlong=x\n"))!.IsInterpreted);
    }
}
