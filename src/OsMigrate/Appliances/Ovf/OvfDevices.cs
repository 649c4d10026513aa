using OsMigrate.Machines;

namespace OsMigrate.Appliances.Ovf;

/// <summary>Devices beside disks, drives and adapters: what they are, and what becomes of them.</summary>
internal static class OvfDevices
{
    public static List<MachineDevice> Read(IEnumerable<OvfItem> items, List<string> warnings)
    {
        var devices = new List<MachineDevice>();
        foreach (var item in items)
        {
            if (KindOf(item) is not { } kind)
                continue;
            devices.Add(new MachineDevice(kind, item.Name));
            if (Advice(kind) is { } advice)
                warnings.Add($"The device '{Shown.Text(item.Name)}' {advice}.");
        }

        return devices;
    }

    private static string? KindOf(OvfItem item) => item.ResourceType switch
    {
        1 or 12 or 13 => OtherKind(item.SubType),
        3 or 4 or 5 or 6 or 7 or 8 or 10 or 11 or 14 or 15 or 16 or 17 or 19 or 20 or 30 or 31 or 32 or 33 => null,
        18 => "tape",
        21 => "serial",
        22 => "parallel",
        23 => "usb",
        24 => "video",
        35 => "sound",
        _ => "other",
    };

    private static string? OtherKind(string subType)
    {
        var type = subType.ToLowerInvariant();
        if (type.Contains("vtpm") || type.Contains("tpm"))
            return "tpm";
        if (type.Contains("passthrough"))
            return "passthrough";
        if (type.Contains("soundcard"))
            return "sound";
        if (type.Contains("nvdimm"))
            return "nvdimm";
        if (type.Contains("vmci"))
            return "vmci";
        return type.Contains("watchdog") ? "watchdog" : "other";
    }

    private static string? Advice(string kind) => kind switch
    {
        "tpm" => "is a virtual TPM; its secrets stay behind, so keys sealed in it (BitLocker) must be at hand",
        "passthrough" => "passes host hardware through and is not moved",
        "nvdimm" => "is persistent memory and is not moved",
        "tape" => "is a tape drive and is not moved",
        "serial" or "parallel" => $"is a {kind} port; whatever it was connected to is not moved",
        _ => null,
    };
}
