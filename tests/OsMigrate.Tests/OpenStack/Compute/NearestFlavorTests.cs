using System.Net;
using OsMigrate.Bytes;
using OsMigrate.OpenStack.Compute;
using OsMigrate.OpenStack.Networks;

namespace OsMigrate.Tests.OpenStack.Compute;

public class NearestFlavorTests
{
    private static readonly Flavor[] Flavors =
    [
        Make("huge", 16, 65536, 200), Make("m2", 2, 4096, 20), Make("m2-fat", 2, 8192, 20), Make("m4", 4, 4096, 40), Make("m2-nodisk", 2, 4096, 0),
        Make("gpu", 2, 4096, 20) with { ExtraSpecs = new Dictionary<string, string> { ["pci_passthrough:alias"] = "a100:1" } },
    ];

    [Theory]
    [InlineData(2, 4096, 20, "m2-nodisk")]
    [InlineData(1, 512, 0, "m2-nodisk")]
    [InlineData(2, 4097, 10, "m2-fat")]
    [InlineData(3, 1024, 10, "m4")]
    [InlineData(2, 4096, 30, "m2-nodisk")]
    [InlineData(5, 1024, 10, "huge")]
    public void The_nearest_is_never_smaller_and_wastes_CPUs_last(int cpus, long memory, long disk, string expected)
        => Assert.Equal(expected, FlavorsClient.Nearest(Flavors, cpus, memory, disk).Name);

    [Fact]
    public void When_none_is_large_enough_the_error_names_the_largest()
    {
        var fault = Assert.Throws<OsMigrateException>(() => FlavorsClient.Nearest(Flavors, 32, 1024, 1));
        Assert.Equal(ErrorIds.CloudNotFound, fault.ErrorId);
        Assert.Contains("16 CPUs, 65536 MiB", fault.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("10.22.0.0/24", "10.22.0.255", true)]
    [InlineData("10.22.0.0/24", "10.22.1.0", false)]
    [InlineData("10.22.0.128/25", "10.22.0.127", false)]
    [InlineData("0.0.0.0/0", "8.8.8.8", true)]
    [InlineData("fd00::/8", "fdff::1", true)]
    [InlineData("fd00::/8", "10.0.0.1", false)]
    [InlineData("nonsense", "10.0.0.1", false)]
    [InlineData("10.0.0.0/99", "10.0.0.1", false)]
    public void Addresses_are_told_from_ranges(string range, string address, bool inside)
        => Assert.Equal(inside, IpRange.Contains(range, IPAddress.Parse(address)));

    private static Flavor Make(string name, int cpus, long memory, long disk) => new() { Id = name, Name = name, CpuCount = cpus, MemoryMiB = memory, DiskGiB = disk };
}
