using static OsMigrate.VSphere.Inventory.InventoryFacts;

namespace OsMigrate.Migrations.Assessment.Rules;

/// <summary>Snapshots and change tracking.</summary>
internal static class SnapshotRules
{
    /// <summary>VMware, "Best practices for using VMware snapshots" (KB 318825): not longer than 72 hours, two or three in a chain, 32 at most.</summary>
    private const int LongChain = 3;

    private static readonly TimeSpan Old = TimeSpan.FromDays(3);

    public static IReadOnlyList<AssessmentRule> All { get; } =
    [
        new("vmware.snapshot.detected", ConcernCategory.Information, "Snapshots",
            "The present state is moved; snapshots stay behind.", "Remove those that are not needed: it makes the copy faster.",
            Snapshots, static s => Finding.When(s.Machine.Snapshots.Count > 0, Count(s))),
        new("openstack.snapshot.old", ConcernCategory.Advisory, "Old snapshots",
            "Snapshots that are older than three days grow and slow the machine and its copy down.", "Remove them before the move.",
            Snapshots, static s => Finding.Of(s.Machine.Snapshots.Where(n => n.CreatedAt is { } at && s.Site.Now - at > Old).Select(n => $"{n.Name}, {(int)(s.Site.Now - n.CreatedAt!.Value).TotalDays} days old"))),
        new("openstack.snapshot.chain", ConcernCategory.Warning, "Long chain of snapshots",
            "The move makes a snapshot of its own on top; chains above three are slow to merge and may stop the machine for long.", "Remove snapshots before the move.",
            Snapshots, static s => Finding.When(s.Machine.Snapshots.Count > LongChain, Count(s))),
        new("vmware.consolidation_needed", ConcernCategory.Warning, "Disks need consolidation",
            "Files of a snapshot that was removed are still in use; another snapshot may fail.", "Consolidate the disks in vSphere before the move.",
            Consolidation, static s => Finding.When(s.Machine.ConsolidationNeeded, "consolidation needed")),
        new("vmware.changed_block_tracking.disabled", ConcernCategory.Information, "Change tracking is off",
            "A warm move turns it on, which takes a short snapshot.", "None needed.",
            ChangeTracking, static s => Finding.When(!s.Machine.ChangeTrackingEnabled, "changed block tracking is off")),
        new("openstack.change_tracking.unsupported", ConcernCategory.Advisory, "Change tracking is not possible",
            "The machine can only be moved cold or from a snapshot.", "Plan the downtime of a whole copy.",
            ChangeTracking, static s => Finding.When(!s.Machine.ChangeTrackingSupported, "the hardware does not support it")),
    ];

    private static string Count(RuleSubject s)
        => s.Machine.Snapshots.Count + (s.Traits.SnapshotBytes is > 0 and var bytes ? $" of {Bytes.ByteSize.Text(bytes)}" : "") + (s.Machine.Snapshots.Count == 1 ? " snapshot" : " snapshots");
}
