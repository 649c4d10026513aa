using OsMigrate.Hypervisors;
using OsMigrate.Hypervisors.Collection;
using OsMigrate.Tests.Support;

namespace OsMigrate.Tests.Hypervisors;

public sealed class HypervisorIdentificationTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Xen_and_its_relatives_are_told_apart()
    {
        Assert.Equal((HypervisorKind.Xen, "4.17.3", HypervisorRole.Dom0), Of(HostTree.XenDom0));
        Assert.Equal((HypervisorKind.XcpNg, "8.2.1", HypervisorRole.Dom0), Of(HostTree.XcpNg));
        Assert.Equal((HypervisorKind.XenServer, "8.0.0", HypervisorRole.Dom0), Of(HostTree.XenDom0.File("/etc/xensource-inventory", "PRODUCT_BRAND='XenServer'\nPRODUCT_VERSION='8.0.0'\n")));
        Assert.Equal((HypervisorKind.Xen, null, HypervisorRole.DomU), Of(HostTree.XenPvGuest));
        Assert.Equal((HypervisorKind.Xen, null, HypervisorRole.DomU), Of(HostTree.XenHvmGuest));
    }

    [Fact]
    public void KVM_hosts_guests_and_plain_machines_are_told_apart()
    {
        Assert.Equal((HypervisorKind.Kvm, null, HypervisorRole.Host), Of(HostTree.Intel));
        Assert.Equal((HypervisorKind.None, null, HypervisorRole.Guest), Of(HostTree.InVMware(false)));
        Assert.Equal((HypervisorKind.None, null, HypervisorRole.Physical), Of(HostTree.DisabledByFirmware(true)));
    }

    [Fact]
    public void ESXi_and_Hyper_V_tell_by_their_own_commands()
    {
        var esxi = new HostFacts { Name = "esx01", Source = HostSource.Ssh };
        esxi.AddAnswer("esxi", "VMware ESXi 8.0.2 build-22380479\n");
        var info = HypervisorIdentification.Of(esxi);
        Assert.Equal((HypervisorKind.Esxi, "8.0.2", HypervisorRole.Host), (info.Kind, info.Version, info.Role));
        Assert.Equal(KvmVerdict.Other, KvmAssessment.Of(esxi).Verdict);

        var windows = new HostFacts { Name = "hv01", Source = HostSource.Ssh };
        windows.AddAnswer("windows", "vendor=GenuineIntel\nmodel=Xeon\nfirmware=False\nslat=False\nhypervisor=True\nname=HV01\nos=Microsoft Windows Server 2022 Datacenter 10.0.20348\nvmms=Running\nend=1\n");
        info = HypervisorIdentification.Of(windows);
        Assert.Equal((HypervisorKind.HyperV, "10.0.20348", HypervisorRole.ParentPartition, "HV01"), (info.Kind, info.Version, info.Role, info.ComputerName));
    }

    [Fact]
    public void Every_difference_of_Xen_and_KVM_says_what_to_do()
    {
        Assert.All(HypervisorDifference.All, d => Assert.All([d.Topic, d.Xen, d.Kvm, d.ToDo], text => Assert.NotEmpty(text)));
        Assert.Contains("hvc0", string.Join(' ', HypervisorDifference.All), StringComparison.Ordinal);
    }

    private (HypervisorKind Kind, string? Version, HypervisorRole Role) Of(HostTree tree)
    {
        var info = HypervisorIdentification.Of(HostReading.Folder(tree.Write(_folder.File(Guid.NewGuid().ToString("n")))));
        return (info.Kind, info.Version, info.Role);
    }
}
