using OsMigrate.Hypervisors;
using OsMigrate.Hypervisors.Checks;
using OsMigrate.Hypervisors.Collection;
using OsMigrate.Hypervisors.Kvm;
using OsMigrate.Tests.Support;

namespace OsMigrate.Tests.Hypervisors;

/// <summary>Verdicts on hosts made by hand.</summary>
public sealed class KvmAssessmentTests : IDisposable
{
    private static readonly GuestRun Native = new() { ApiVersion = 12, MadeMachine = true, RanRealMode = true, RanLongMode = true, NanosecondsPerStep = 0.7 };
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void An_Intel_host_looks_fit_and_is_not_called_usable_before_a_guest_ran()
    {
        var host = Assess(HostTree.Intel);
        Assert.Equal((KvmVerdict.KvmLikely, null, "vmx", "bare metal", "kvm_intel"), (host.Verdict, host.KvmUsable, host.CpuFlag, host.RunsIn, host.KernelModule));
        Assert.Contains("finds vmx", Check(host, "CPU flag").Found, StringComparison.Ordinal);
        Assert.Contains("guests can run KVM", Check(host, "Nested").Found, StringComparison.Ordinal);
        Assert.Contains("2 unit(s) (dmar0, dmar1)", Check(host, "IOMMU").Found, StringComparison.Ordinal);
        Assert.Contains("16 of 1 GiB (4 free); transparent: madvise", Check(host, "Hugepages").Found, StringComparison.Ordinal);
        Assert.Equal(CheckState.Passed, Check(host, "EPT/NPT").State);
    }

    [Fact]
    public void An_AMD_host_is_fit_and_usable_once_a_guest_ran()
    {
        var host = Assess(HostTree.Amd, Native);
        Assert.Equal((KvmVerdict.Kvm, true, "svm", "kvm_amd"), (host.Verdict, host.KvmUsable, host.CpuFlag, host.KernelModule));
        Assert.StartsWith("KVM, type-1", host.Summary, StringComparison.Ordinal);
        Assert.DoesNotContain(host.Checks, c => c.State == CheckState.Failed);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void What_the_firmware_switched_off_is_told_with_the_kernel_s_own_line(bool old)
    {
        var host = Assess(HostTree.DisabledByFirmware(old));
        Assert.Equal((KvmVerdict.KvmBlocked, false), (host.Verdict, host.KvmUsable));
        var firmware = Check(host, "Firmware");
        Assert.Equal(CheckState.Failed, firmware.State);
        Assert.Contains("disabled by", firmware.Found, StringComparison.OrdinalIgnoreCase);
        Assert.Contains("firmware setup", firmware.Cure, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("GenuineIntel", "msr-3a", "0000000000000001", CheckState.Failed)]
    [InlineData("GenuineIntel", "msr-3a", "0000000000000005", CheckState.Passed)]
    [InlineData("AuthenticAMD", "msr-vm-cr", "0000000000000018", CheckState.Failed)]
    [InlineData("AuthenticAMD", "msr-vm-cr", "0000000000000008", CheckState.Passed)]
    public void The_processor_s_own_registers_tell_what_the_firmware_did(string vendor, string name, string value, CheckState state)
    {
        var facts = new HostFacts { Name = "h", Source = HostSource.Local };
        facts.AddFile("/proc/cpuinfo", $"vendor_id : {vendor}\nmodel name : x\nflags : fpu {(vendor == "GenuineIntel" ? "vmx" : "svm")}\n");
        facts.AddAnswer(name, value);
        Assert.Equal(state, Check(KvmAssessment.Of(facts), "Firmware").State);
    }

    [Fact]
    public void A_virtual_machine_that_may_nest_is_told_to_be_one()
    {
        var host = Assess(HostTree.NestedInKvm, Native);
        Assert.Equal((KvmVerdict.Kvm, "KVM or QEMU"), (host.Verdict, host.RunsIn));
        Assert.Contains("nested", host.Summary, StringComparison.Ordinal);
    }

    [Fact]
    public void Xen_s_control_domain_cannot_run_KVM()
    {
        var host = Assess(HostTree.XenDom0);
        Assert.Equal((KvmVerdict.XenDom0, false, "Xen dom0"), (host.Verdict, host.KvmUsable, host.RunsIn));
        Assert.Equal(KvmVerdict.XenGuest, Assess(HostTree.XenPvGuest).Verdict);
        Assert.Equal("Xen PV", Assess(HostTree.XenPvGuest).RunsIn);
        Assert.Equal("Xen HVM", Assess(HostTree.XenHvmGuest).RunsIn);
    }

    [Fact]
    public void A_Cortex_A15_is_what_the_0xc0f_of_the_grep_finds()
    {
        var host = Assess(HostTree.CortexA15);
        Assert.Equal((KvmVerdict.KvmLikely, "0xc0f"), (host.Verdict, host.CpuFlag));
        Assert.Contains("Cortex-A15", Check(host, "CPU flag").Found + host.CpuModel, StringComparison.Ordinal);
        Assert.Contains("this is the 0xc0f", Check(host, "CPU flag").Found, StringComparison.Ordinal);
    }

    [Fact]
    public void Other_architectures_are_judged_by_their_own_signs()
    {
        Assert.Equal(KvmVerdict.KvmLikely, Assess(HostTree.Arm64).Verdict);
        Assert.Contains("EL2", Check(Assess(HostTree.Arm64), "CPU flag").Found, StringComparison.Ordinal);
        Assert.Equal((KvmVerdict.KvmLikely, "sie"), (Assess(HostTree.Mainframe).Verdict, Assess(HostTree.Mainframe).CpuFlag));
    }

    [Fact]
    public void Inside_VMware_the_switch_there_is_named()
    {
        var host = Assess(HostTree.InVMware(passedOn: false));
        Assert.Equal((KvmVerdict.QemuOnly, false, "VMware"), (host.Verdict, host.KvmUsable, host.RunsIn));
        Assert.Contains("vhv.enable", Check(host, "CPU flag").Cure, StringComparison.Ordinal);
        Assert.Contains("modprobe kvm_intel", Assess(HostTree.InVMware(passedOn: true)).Details, StringComparison.Ordinal);
    }

    [Fact]
    public void A_KVM_that_only_interprets_is_no_acceleration()
    {
        var host = Assess(HostTree.InVMware(false).Folder("/sys/module/kvm").Folder("/sys/module/kvm_pvm").File("/dev/kvm", ""), Native with { NanosecondsPerStep = 2200 });
        Assert.Equal((KvmVerdict.KvmInterpreted, false, "kvm_pvm"), (host.Verdict, host.KvmUsable, host.KernelModule));
        Assert.Contains("2200 ns for a step", host.Summary, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("KVM_CREATE_VM: EBUSY", false, "Another hypervisor")]
    [InlineData("KVM_RUN: internal error of KVM (exit 17, suberror 1)", true, "does not carry it")]
    public void A_device_that_answers_and_runs_no_guest_is_not_usable(string error, bool made, string cure)
    {
        var host = Assess(HostTree.Intel, new GuestRun { ApiVersion = 12, MadeMachine = made, Error = error });
        Assert.Equal((KvmVerdict.KvmBlocked, false), (host.Verdict, host.KvmUsable));
        Assert.Contains(cure, Check(host, "Guest run").Cure, StringComparison.Ordinal);
        var flagless = Assess(HostTree.InVMware(false), new GuestRun { ApiVersion = 12, MadeMachine = made, Error = error });
        Assert.Equal(KvmVerdict.QemuOnly, flagless.Verdict);
        Assert.Contains(error, flagless.Summary, StringComparison.Ordinal);
    }

    [Fact]
    public void A_device_without_flags_that_nobody_could_try_stays_unknown()
    {
        var tree = HostTree.InVMware(false).File("/dev/kvm", "");
        Assert.Equal((KvmVerdict.Unknown, null), (Assess(tree).Verdict, Assess(tree).KvmUsable));
        Assert.Contains("this user may not open it", Assess(tree, new GuestRun { OpenError = "EACCES" }).Summary, StringComparison.Ordinal);
        Assert.Equal(KvmVerdict.QemuOnly, Assess(tree, new GuestRun { OpenError = "ENODEV" }).Verdict);
    }

    [Fact]
    public void Missing_rights_are_told_with_the_group()
    {
        var facts = HostReading.Folder(HostTree.Intel.Write(_folder.Path));
        facts.Guest = new GuestRun { OpenError = "EACCES" };
        facts.AddAnswer("kvm-mode", "660 root kvm");
        facts.AddAnswer("kvm-acl", "user::rw-\nuser:nova:rw-\ngroup::rw-\n");
        var device = Check(KvmAssessment.Of(facts), "/dev/kvm");
        Assert.Equal(CheckState.Failed, device.State);
        Assert.Contains("660 root kvm, access list user:nova:rw-", device.Found, StringComparison.Ordinal);
        Assert.Contains("group kvm", device.Cure, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("kvm", false, CheckState.Failed)]
    [InlineData("kvm", true, CheckState.Passed)]
    [InlineData("qemu", true, CheckState.Warning)]
    [InlineData("qemu", false, CheckState.Passed)]
    public void Nova_s_virt_type_is_held_against_what_runs(string type, bool native, CheckState state)
    {
        var facts = new HostFacts { Name = "h", Source = HostSource.Ssh, Guest = native ? Native : Native with { NanosecondsPerStep = 3000 } };
        facts.AddFile("/proc/cpuinfo", "vendor_id : GenuineIntel\nflags : vmx\n");
        facts.AddAnswer("nova", $"virt_type = lxc\nvirt_type={type}\n");
        facts.AddAnswer("qemu", "QEMU emulator version 8.2.2 (Debian 1:8.2.2+ds-0ubuntu1.2)\n");
        var host = KvmAssessment.Of(facts);
        Assert.Equal((type, "8.2.2"), (host.VirtType, host.QemuVersion));
        Assert.Equal(state, Check(host, "nova virt_type").State);
    }

    [Theory]
    [InlineData("KVMKVMKVM", false, "KVM")]
    [InlineData("VMwareVMware", false, "VMware")]
    [InlineData("Microsoft Hv", false, "Hyper-V")]
    [InlineData("Microsoft Hv", true, "Hyper-V parent partition")]
    [InlineData("XenVMMXenVMM", false, "Xen")]
    [InlineData("TCGTCGTCGTCG", false, "QEMU/TCG")]
    [InlineData("SomethingNew", false, "a hypervisor named 'SomethingNew'")]
    public void The_processor_tells_who_runs_it(string signature, bool parent, string kind)
    {
        var bytes = System.Text.Encoding.ASCII.GetBytes(signature.PadRight(12, '\0'));
        var cpuid = CpuidFacts.From(leaf => leaf switch
        {
            1 => (0, 0, 1u << 31, 0),
            0x40000000 => (0x40000001, BitConverter.ToUInt32(bytes, 0), BitConverter.ToUInt32(bytes, 4), BitConverter.ToUInt32(bytes, 8)),
            0x40000003 => (0, parent ? 1u : 0, 0, 0),
            _ => default,
        });
        var facts = new HostFacts { Name = "h", Source = HostSource.Local, Cpuid = cpuid };
        Assert.Equal(kind, Surroundings.Of(facts, ProcessorFacts.Parse("flags : fpu hypervisor\n")).Kind);
    }

    [Fact]
    public void An_empty_host_is_unknown_and_nothing_is_guessed()
    {
        var host = KvmAssessment.Of(new HostFacts { Name = "h", Source = HostSource.Ssh });
        Assert.Equal((KvmVerdict.Unknown, null, "unknown"), (host.Verdict, host.KvmUsable, host.RunsIn));
    }

    private KvmSupport Assess(HostTree tree, GuestRun? guest = null)
    {
        var facts = HostReading.Folder(tree.Write(_folder.File(Guid.NewGuid().ToString("n"))));
        facts.Guest = guest;
        return KvmAssessment.Of(facts);
    }

    private static HostCheck Check(KvmSupport host, string name) => host.Checks.Single(c => c.Check == name);
}
