using System.Xml.Linq;

namespace OsMigrate.Appliances.Ovf;

/// <summary>Settings of a hardware section as a whole: its &lt;System&gt; and VMware's Config and ExtraConfig.</summary>
internal sealed class OvfSettings
{
    public OvfSettings(XElement? hardware)
    {
        Extra = hardware?.VMwareSettings("ExtraConfig") ?? [];
        if (hardware is null)
            return;
        var config = hardware.VMwareSettings("Config");
        var system = hardware.Ovf("System").FirstOrDefault();
        SystemType = system?.ChildText("VirtualSystemType");
        SystemIdentifier = system?.ChildText("VirtualSystemIdentifier");
        var subType = system?.ChildText("VirtualSystemSubType") ?? "";
        IsEfi = Is(config, "firmware", "efi") || Is(Extra, "firmware", "efi") || subType.EndsWith("SubType:2", StringComparison.OrdinalIgnoreCase);
        SecureBoot = Is(config, "bootOptions.efiSecureBootEnabled", "true") || Is(Extra, "uefi.secureBoot.enabled", "true");
    }

    public bool IsEfi { get; }

    public bool SecureBoot { get; }

    /// <summary>"vmx-19", "virtualbox-2.2", or null.</summary>
    public string? SystemType { get; }

    public string? SystemIdentifier { get; }

    public IReadOnlyDictionary<string, string> Extra { get; }

    private static bool Is(IReadOnlyDictionary<string, string> settings, string key, string value)
        => settings.TryGetValue(key, out var found) && found.Equals(value, StringComparison.OrdinalIgnoreCase);
}
