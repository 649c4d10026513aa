using OsMigrate.OpenStack.Services;
using OsMigrate.VSphere.Inventory;

namespace OsMigrate.Migrations.Features;

/// <summary>Features of disks.</summary>
internal static class StorageFeatures
{
    private const string Category = "Storage";

    public static IReadOnlyList<FeatureDefinition> All { get; } =
    [
        new("Snapshot", Category)
        {
            Counterpart = "Cinder snapshots of volumes, Nova's createImage of servers, Cinder backups",
            Lost = "Memory in snapshots, trees of snapshots, and going back to one in place (a volume reverts to its newest snapshot only). Existing snapshots are not carried over.",
            Advice = "Delete old snapshots before the move: they cost space and time.",
            Check = static cloud => cloud.VolumeLimits.Then(static limits => limits.Whole("maxTotalSnapshots") is { } most
                ? most == 0 ? Finding.Missing("Cinder's quota of snapshots is 0") : Finding.Partial($"Cinder's quota of snapshots: {(most < 0 ? "no limit" : FormattableString.Invariant($"{limits.Whole("totalSnapshotsUsed") ?? 0} of {most} in use"))}")
                : Finding.Unknown("Cinder's limits name no snapshots")),
            UsedBy = static use => use.MachinesThat(static m => m.Snapshots.Count > 0),
        },
        new("SharedDisk", Category)
        {
            Counterpart = "Cinder volumes of a type with multiattach",
            Lost = "SCSI-3 persistent reservations on most backends: clusters that fence by them need another way.",
            Advice = "Ask for a volume type with multiattach; Convert-ToOpenStack copies a shared disk once for each machine, so attach one copy to all by hand.",
            Check = Multiattach,
            UsedBy = static use => use.MachinesThat(static m => m.Disks.Any(static d => d.IsShared)),
        },
        new("RawDevice", Category)
        {
            Counterpart = "Cinder volumes; an administrator can take an existing LUN over (cinder manage) where the backend allows",
            Lost = "SCSI commands of the guest to the array.",
            Advice = "Copy the content into a volume. Raw devices in virtual mode are copied by Convert-ToOpenStack, those in physical mode are refused.",
            Check = static cloud => cloud.VolumeTypes.Then(static types => types.Count == 0 ? Finding.Unknown("Cinder lists no volume type") : Finding.Partial($"Cinder offers {types.Count} volume types; whether a backend can take over LUNs, no API shows")),
            UsedBy = static use => use.MachinesThat(static m => m.Disks.Any(static d => d.Backing is DiskBacking.RawPhysical or DiskBacking.RawVirtual)),
        },
        new("Template", Category)
        {
            Counterpart = "Glance images, shared between projects; volumes of images are quick clones on backends that can",
            Lost = "Customization specifications: cloud-init and cloudbase-init do that work. Versions and check-out of a content library.",
            Advice = "Send-GlanceImage for a template's disk; install cloud-init in it.",
            Check = static cloud => cloud.Images.Then(_ => Finding.Available("Glance lists images", cloud.ImportMethods.IsKnown ? $"It imports by: {string.Join(", ", cloud.ImportMethods.Value)}" : cloud.ImportMethods.Refusal)),
            UsedBy = static use => use.MachinesThat(static m => m.IsTemplate),
        },
    ];

    private static Finding Multiattach(CloudFacts cloud)
    {
        if (!cloud.CinderVersion.IsKnown || cloud.CinderVersion.Value < new Microversion(3, 50))
            return cloud.CinderVersion.IsKnown ? Finding.Missing($"Cinder {cloud.CinderVersion.Value}: volumes for several servers need 3.50") : Finding.Unknown(cloud.CinderVersion.Refusal);
        return cloud.VolumeTypes.Then(static types =>
        {
            var able = types.Where(static t => t.ExtraSpecs.TryGetValue("multiattach", out var value) && value.IndexOf("True", StringComparison.OrdinalIgnoreCase) >= 0).Select(static t => t.Name).ToList();
            return able.Count > 0 ? Finding.Available($"Volume types with multiattach: {MobilityFeatures.Names(able)}") : Finding.Missing($"None of {types.Count} volume types has multiattach");
        });
    }
}
