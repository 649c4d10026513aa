using OsMigrate.VSphere.Inventory;

namespace OsMigrate.Migrations.Assessment;

/// <summary>A machine and everything around it that rules look at.</summary>
internal sealed record RuleSubject(InventoryMachine Item, AssessmentSite Site)
{
    public VSphereMachine Machine => Item.Machine;

    public VSphereTraits Traits => Item.Traits;

    public GuestSystem Guest { get; } = GuestSystem.Of(Item);

    public VSphereCluster? Cluster => Site.ClusterOf(Machine);

    public IEnumerable<VSphereClusterRule> Rules => Site.RulesOf(Machine);

    public bool IsOn => Machine.PowerState == "poweredOn";

    public int? HardwareGeneration => Machine.HardwareVersion.StartsWith("vmx-", StringComparison.Ordinal) && int.TryParse(Machine.HardwareVersion.Substring(4), System.Globalization.NumberStyles.None, System.Globalization.CultureInfo.InvariantCulture, out var n) ? n : null;

    public IEnumerable<string> DatastoreNames => Machine.Disks.Select(static d => AssessmentSite.DatastoreOf(d.FileName)).OfType<string>().Distinct(StringComparer.Ordinal);

    /// <summary>"Hard disk 2 (100 GiB)"</summary>
    public static string Name(VSphereDisk disk) => disk.CapacityBytes > 0 ? $"{disk.Label} ({Bytes.ByteSize.Text(disk.CapacityBytes)})" : disk.Label;
}
