namespace OsMigrate.Machines;

/// <summary>A drive with removable media.</summary>
/// <param name="Kind">"cdrom" or "floppy".</param>
/// <param name="Label">What the source calls it.</param>
/// <param name="Bus">The controller it hangs on.</param>
/// <param name="MediaName">The image in it, as the source names it, or null.</param>
public sealed record MachineDrive(string Kind, string Label, DiskBus Bus, string? MediaName);

/// <summary>A device without a list of its own.</summary>
/// <param name="Kind">"serial", "parallel", "usb", "sound", "passthrough", "video", "tpm" or "other".</param>
/// <param name="Label">What the source calls it.</param>
public sealed record MachineDevice(string Kind, string Label);
