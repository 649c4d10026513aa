using OsMigrate.Hypervisors;
using OsMigrate.Migrations.Hosts;
using OsMigrate.OpenStack.Compute;

namespace OsMigrate.Tests.Migrations;

public class CloudHostsTests
{
    [Fact]
    public void A_trait_that_the_processor_has_not_is_an_emulator_s()
    {
        var host = CloudHosts.Of(Node(["sse2", "hypervisor"], ["HW_CPU_X86_SVM", "COMPUTE_NODE"], null));
        Assert.Equal((KvmVerdict.QemuOnly, false), (host.Verdict, host.KvmUsable));
        Assert.Contains("HW_CPU_X86_SVM, which libvirt does not find in the processor", host.Summary, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("vmx", "kvm", KvmVerdict.Kvm)]
    [InlineData("vmx", "qemu", KvmVerdict.QemuOnly)]
    [InlineData("svm", null, KvmVerdict.KvmLikely)]
    [InlineData("sse2", null, KvmVerdict.QemuOnly)]
    public void A_running_server_s_diagnostics_decide_where_there_is_one(string feature, string? type, KvmVerdict verdict)
        => Assert.Equal(verdict, CloudHosts.Of(Node([feature], null, type)).Verdict);

    [Fact]
    public void What_the_cloud_does_not_tell_stays_unknown()
    {
        Assert.Equal(KvmVerdict.Unknown, CloudHosts.Of(Node([], [], null)).Verdict);
        Assert.Equal(KvmVerdict.Unknown, CloudHosts.Of(Node(["vmx"], [], null) with { Type = "fake" }).Verdict);
        Assert.Equal(KvmVerdict.Other, CloudHosts.Of(Node(["vmx"], [], null) with { Type = "VMware vCenter Server" }).Verdict);
    }

    private static ComputeNode Node(string[] features, string[]? traits, string? virtType)
        => new("1", "host", "QEMU", "7.2.22", "10.0.0.1", "x86_64", "AMD", "EPYC", features, traits, virtType);
}
