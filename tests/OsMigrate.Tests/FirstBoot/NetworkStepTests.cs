using OsMigrate.FirstBoot;

namespace OsMigrate.Tests.FirstBoot;

public sealed class NetworkStepTests
{
    private const string One = "address	mac=00:50:56:aa:bb:01	ip=10.0.0.5/255.255.255.0	ip=10.0.0.6/255.255.255.0	gateway=10.0.0.1/automatic	gateway=10.0.0.2/50	dns=10.0.0.53	dns=fd00::53	dns=10.0.1.53";
    private const string Two = "address	mac=00-50-56-AA-BB-02	ip=192.168.7.9/255.255.0.0";

    [Fact]
    public void The_adapter_with_the_same_MAC_address_gets_addresses_gateways_and_name_servers()
    {
        using var guest = new FakeGuest(One, Two);
        guest.Adapters.Add(new Adapter(4, "Ethernet", "005056aabb02", ["fe80::1"]));
        guest.Adapters.Add(new Adapter(9, "Ethernet 2", "005056aabb01", []));
        guest.Boot();
        Assert.Equal(
        [
            "netsh.exe interface ipv4 set address name=9 source=static address=10.0.0.5 mask=255.255.255.0",
            "netsh.exe interface ipv4 add address name=9 address=10.0.0.6 mask=255.255.255.0",
            "netsh.exe interface ipv4 add address name=9 gateway=10.0.0.1 gwmetric=0",
            "netsh.exe interface ipv4 add address name=9 gateway=10.0.0.2 gwmetric=50",
            "netsh.exe interface ipv4 add dnsserver name=9 address=10.0.0.53 index=1",
            "netsh.exe interface ipv6 add dnsserver name=9 address=fd00::53 index=1",
            "netsh.exe interface ipv4 add dnsserver name=9 address=10.0.1.53 index=2",
            "netsh.exe interface ipv4 set address name=4 source=static address=192.168.7.9 mask=255.255.0.0",
            "sc.exe delete OsMigrateFirstBoot",
        ], guest.Calls);
    }

    [Fact]
    public void A_single_new_adapter_stands_in_after_a_minute()
    {
        using var guest = new FakeGuest(Two);
        guest.Adapters.Add(new Adapter(3, "Ethernet", "fa163e000001", []));
        var start = guest.UtcNow;
        guest.Boot();
        Assert.Equal(60, (guest.UtcNow - start).TotalSeconds);
        Assert.StartsWith("netsh.exe interface ipv4 set address name=3 ", guest.Calls[0], StringComparison.Ordinal);
    }

    [Fact]
    public void Without_fitting_adapters_it_is_given_up_after_five_minutes_and_told()
    {
        using var guest = new FakeGuest(One, Two);
        guest.Adapters.Add(new Adapter(3, "Ethernet", "fa163e000001", []));
        var start = guest.UtcNow;
        guest.Boot();
        Assert.Equal(300, (guest.UtcNow - start).TotalSeconds);
        Assert.Equal(0, guest.Count("netsh"));
        Assert.Contains("set them by hand. Present: 'Ethernet' fa163e000001", guest.Result, StringComparison.Ordinal);
    }

    [Fact]
    public void An_adapter_that_has_its_addresses_already_is_left_alone()
    {
        using var guest = new FakeGuest(Two);
        guest.Adapters.Add(new Adapter(3, "Ethernet", "005056aabb02", ["192.168.7.9"]));
        guest.Boot();
        Assert.Equal(0, guest.Count("netsh"));
    }

    [Fact]
    public void A_name_server_that_does_not_answer_is_no_failure_but_a_refused_address_is()
    {
        using var guest = new FakeGuest(One);
        guest.Adapters.Add(new Adapter(9, "Ethernet", "005056aabb01", []));
        guest.Answer = static c => c.Contains("dnsserver", StringComparison.Ordinal) ? ProcessOutcome.Exited(1) : null;
        guest.Boot();
        Assert.Contains("fixed addresses: done", guest.Result, StringComparison.Ordinal);
        File.Delete(Path.Combine(guest.Folder, "state.txt"));
        guest.Answer = static c => c.Contains("set address", StringComparison.Ordinal) ? ProcessOutcome.Exited(1) : null;
        guest.Boot();
        Assert.Contains("fixed addresses: failed: netsh refused a part for 'Ethernet' (attempts: 3)", guest.Result, StringComparison.Ordinal);
    }
}
