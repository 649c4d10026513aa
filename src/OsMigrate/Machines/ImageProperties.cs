namespace OsMigrate.Machines;

/// <summary>Chooses the Glance properties with which a machine finds the hardware on KVM that its system can use.</summary>
/// <remarks>
/// Property names and values: OpenStack Glance administrator guide, "Useful image properties"; Nova, nova/objects/fields.py
/// (DiskBus, VIFModel, MachineType, TPMModel). Only what the source states is known here, not what is installed on the disk.
/// </remarks>
public static class ImageProperties
{
    /// <summary>The properties for the image of the machine's boot disk, in a fixed order, each name once.</summary>
    public static IReadOnlyList<ImageProperty> For(Machine machine)
    {
        var properties = new List<ImageProperty>();
        void Add(string name, string value, string reason) => properties.Add(new ImageProperty(name, value, reason));

        var arm = machine.Os.Architecture is "aarch64";
        var efi = machine.Firmware == FirmwareType.Efi || arm;
        if (machine.Os.Architecture is { } architecture)
            Add("architecture", architecture, "The source says so; the scheduler picks hosts of this architecture.");
        AddFirmware(machine, arm, efi, Add);
        AddHardware(machine, arm, efi, Add);
        AddSystem(machine.Os, Add);
        return properties;
    }

    /// <summary>The properties for a Windows guest that gets the virtio drivers on its way.</summary>
    /// <param name="properties">What it would have without them.</param>
    public static IReadOnlyList<ImageProperty> WithVirtio(IReadOnlyList<ImageProperty> properties)
    {
        var all = properties.ToList();
        foreach (var virtio in new[]
        {
            new ImageProperty("hw_disk_bus", "virtio", "The guest is given the driver on the way."),
            new ImageProperty("hw_vif_model", "virtio", "The guest is given the driver on the way."),
            new ImageProperty("hw_rng_model", "virtio", "Gives the guest entropy at its first start."),
            new ImageProperty("os_type", "windows", "Nova sets the clock to local time and gives Hyper-V's enlightenments."),
        })
        {
            var place = all.FindIndex(p => p.Name == virtio.Name);
            if (place < 0)
                all.Add(virtio);
            else
                all[place] = virtio;
        }

        return all;
    }

    /// <summary>The adapter for a guest without virtio's network driver: the one of its firmware's time.</summary>
    /// <param name="firmware">Value of hw_firmware_type; null for none.</param>
    public static string EmulatedAdapter(string? firmware) => firmware == "uefi" ? "e1000e" : "e1000";

    private static void AddFirmware(Machine machine, bool arm, bool efi, Action<string, string, string> add)
    {
        add("hw_firmware_type", efi ? "uefi" : "bios", efi ? "The disk is set up to start with UEFI." : "The disk is set up to start with a BIOS.");
        if (arm)
            add("hw_machine_type", "virt", "The machine type for 64-bit ARM.");
        else if (efi)
            add("hw_machine_type", "q35", "UEFI and secure boot need q35.");
        else
            add("hw_machine_type", "pc", "The machine type nearest to the source's BIOS hardware; it has the IDE controller that every system knows.");
        if (machine.SecureBoot)
            add("os_secure_boot", "required", "The source starts with secure boot.");
        if (machine.HasTpm)
        {
            add("hw_tpm_version", "2.0", "The source has a TPM. Its content stays behind: keep BitLocker's recovery keys at hand.");
            add("hw_tpm_model", "tpm-crb", "The TPM interface that UEFI systems expect.");
        }
    }

    private static void AddHardware(Machine machine, bool arm, bool efi, Action<string, string, string> add)
    {
        if (UsesVirtio(machine.Os) || arm)
        {
            add("hw_disk_bus", "virtio", "Linux has the virtio disk driver built in; check that its initramfs carries it.");
            add("hw_vif_model", "virtio", "Linux has the virtio network driver built in.");
            add("hw_rng_model", "virtio", "Gives the guest entropy at its first start.");
        }
        else
        {
            add("hw_disk_bus", efi ? "sata" : "ide", "Every system has this driver. Change it to virtio once the virtio drivers are installed.");
            add("hw_vif_model", EmulatedAdapter(efi ? "uefi" : "bios"), "Every system has this driver. Change it to virtio once the virtio drivers are installed.");
        }

        add("hw_video_model", arm ? "virtio" : "vga", "A display that works without a driver.");
        add("hw_qemu_guest_agent", "yes", "Adds the channel of the QEMU guest agent; without the agent it does nothing.");
        // A limit, not a topology: any number of CPUs still fits, but a Windows client never sees more sockets than it is licensed for.
        if (machine.CoresPerSocket is { } cores && cores > 1 && machine.CpuCount % cores == 0)
            add("hw_cpu_max_sockets", (machine.CpuCount / cores).ToString(System.Globalization.CultureInfo.InvariantCulture), "The source has this many sockets; licences may count them.");
    }

    private static void AddSystem(GuestOsType os, Action<string, string, string> add)
    {
        if (os.Family is GuestFamily.Windows)
            add("os_type", "windows", "Nova sets the clock to local time and gives Hyper-V's enlightenments.");
        else if (os.Family is GuestFamily.Linux)
            add("os_type", "linux", "The source says so.");
        if (os.Distro is { } distro)
            add("os_distro", distro, "The source says so.");
        if (os.Version is { } version)
            add("os_version", version, "The source says so.");
    }

    private static bool UsesVirtio(GuestOsType os) => os.Family is GuestFamily.Linux;
}
