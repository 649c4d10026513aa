using OsMigrate.OpenStack.Services;

namespace OsMigrate.Migrations.Features;

/// <summary>Features that protect machines.</summary>
internal static class SecurityFeatures
{
    private const string Category = "Security";

    public static IReadOnlyList<FeatureDefinition> All { get; } =
    [
        new("VirtualTpm", Category)
        {
            Counterpart = "Nova's emulated TPM: image property or flavor hw:tpm_version=2.0, with its state in Barbican's keeping",
            Lost = "The content of the TPM: keys in it, such as BitLocker's, do not come along.",
            Advice = "Suspend BitLocker and note its recovery key before the move.",
            Check = static cloud => WithKeys(cloud, Trait(cloud, "COMPUTE_SECURITY_TPM_2_0")),
            UsedBy = static use => use.MachinesThat(static m => m.HasTpm),
        },
        new("SecureBoot", Category)
        {
            Counterpart = "Image properties hw_firmware_type=uefi and os_secure_boot=required",
            Lost = "Keys that were enrolled by hand: the firmware starts with the usual ones.",
            Advice = "Convert-ToOpenStack sets the properties by itself.",
            Check = static cloud => Trait(cloud, "COMPUTE_SECURITY_UEFI_SECURE_BOOT"),
            UsedBy = static use => use.MachinesThat(static m => m.SecureBoot),
        },
        new("Encryption", Category)
        {
            Counterpart = "Volume types with LUKS encryption, their keys in Barbican",
            Lost = "Encrypted machines cannot be read: decrypt them in vSphere first. Encryption of moves (vMotion) is a setting of the hosts (TLS).",
            Advice = "Decrypt, move with -As Volume and a -VolumeType that encrypts.",
            Check = static cloud => WithKeys(cloud, cloud.EncryptedTypes.Then(static types => types.Count > 0 ? Finding.Available($"Volume types with encryption: {MobilityFeatures.Names(types)}") : Finding.Missing("No volume type has encryption"))),
            UsedBy = static use => use.MachinesThat(static m => m.IsEncrypted || m.Disks.Any(static d => d.IsEncrypted)),
        },
    ];

    private static Finding Trait(CloudFacts cloud, string trait) => cloud.HostsWith(trait).Then(hosts => hosts.Count > 0
        ? Finding.Available($"Hosts with the trait {trait}: {MobilityFeatures.Names(hosts)}") : Finding.Missing($"No host has the trait {trait}"));

    /// <summary>Both a host and a place for keys are needed.</summary>
    private static Finding WithKeys(CloudFacts cloud, Finding found)
    {
        var keys = cloud.Service("Barbican", "key-manager");
        var status = found.Status == FeatureStatus.Missing || keys.Status == FeatureStatus.Missing ? FeatureStatus.Missing
            : found.Status == FeatureStatus.Unknown || keys.Status == FeatureStatus.Unknown ? FeatureStatus.Unknown : found.Status;
        return new Finding(status, [.. found.Evidence, .. keys.Evidence]);
    }
}
