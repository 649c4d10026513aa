using OsMigrate.Machines;

namespace OsMigrate.Tests.Machines;

public class ImagePropertiesTests
{
    private static readonly GuestOsType Windows = new() { Family = GuestFamily.Windows, Architecture = "x86_64", Distro = "windows", Version = "2019" };
    private static readonly GuestOsType Linux = new() { Family = GuestFamily.Linux, Architecture = "x86_64", Distro = "ubuntu", Version = "22.04" };

    [Fact]
    public void A_Linux_machine_gets_virtio_hardware()
    {
        var properties = Values(new Machine { Os = Linux });
        Assert.Equal("virtio", properties["hw_disk_bus"]);
        Assert.Equal("virtio", properties["hw_vif_model"]);
        Assert.Equal("linux", properties["os_type"]);
        Assert.Equal("ubuntu", properties["os_distro"]);
        Assert.Equal("22.04", properties["os_version"]);
        Assert.Equal("bios", properties["hw_firmware_type"]);
        Assert.Equal("yes", properties["hw_qemu_guest_agent"]);
    }

    [Theory]
    [InlineData(FirmwareType.Bios, "pc", "ide", "e1000")]
    [InlineData(FirmwareType.Efi, "q35", "sata", "e1000e")]
    public void A_Windows_machine_gets_hardware_it_has_drivers_for(FirmwareType firmware, string machineType, string bus, string nic)
    {
        var properties = Values(new Machine { Os = Windows, Firmware = firmware });
        Assert.Equal(machineType, properties["hw_machine_type"]);
        Assert.Equal(bus, properties["hw_disk_bus"]);
        Assert.Equal(nic, properties["hw_vif_model"]);
        Assert.Equal("windows", properties["os_type"]);
    }

    [Fact]
    public void Secure_boot_and_a_TPM_come_along()
    {
        var properties = Values(new Machine { Os = Windows, Firmware = FirmwareType.Efi, SecureBoot = true, HasTpm = true });
        Assert.Equal("required", properties["os_secure_boot"]);
        Assert.Equal("2.0", properties["hw_tpm_version"]);
        Assert.Equal("q35", properties["hw_machine_type"]);
        Assert.False(Values(new Machine { Os = Windows }).ContainsKey("os_secure_boot"));
    }

    [Fact]
    public void Arm_machines_start_with_uefi_on_virt()
    {
        var properties = Values(new Machine { Os = Linux with { Architecture = "aarch64" } });
        Assert.Equal("virt", properties["hw_machine_type"]);
        Assert.Equal("uefi", properties["hw_firmware_type"]);
    }

    [Theory]
    [InlineData(8, 4, "2")]
    [InlineData(8, 3, null)]
    [InlineData(8, 1, null)]
    [InlineData(8, null, null)]
    public void Sockets_are_limited_to_those_of_the_source(int cpus, int? cores, string? sockets)
        => Assert.Equal(sockets, Values(new Machine { CpuCount = cpus, CoresPerSocket = cores }).GetValueOrDefault("hw_cpu_max_sockets"));

    [Fact]
    public void An_unknown_system_claims_no_os_type()
        => Assert.DoesNotContain("os_type", Values(new Machine()).Keys);

    [Fact]
    public void Every_property_appears_once_and_says_why()
    {
        foreach (var family in Enum.GetValues<GuestFamily>())
        {
            var properties = ImageProperties.For(new Machine { SecureBoot = true, HasTpm = true, CpuCount = 4, CoresPerSocket = 2, Os = Windows with { Family = family } });
            Assert.Equal(properties.Count, properties.Select(p => p.Name).Distinct(StringComparer.Ordinal).Count());
            Assert.All(properties, p => Assert.EndsWith(".", p.Reason));
        }
    }

    private static Dictionary<string, string> Values(Machine machine)
        => ImageProperties.For(machine).ToDictionary(p => p.Name, p => p.Value, StringComparer.Ordinal);
}
