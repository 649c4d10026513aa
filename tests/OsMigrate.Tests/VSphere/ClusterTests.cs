using OsMigrate.Migrations.Features;
using OsMigrate.Tests.Support;
using OsMigrate.VSphere.Inventory;
using static OsMigrate.Tests.VSphere.VSpherePeer;

namespace OsMigrate.Tests.VSphere;

public class ClusterTests
{
    private const string Facts =
        """
        {"evc":"intel-skylake","dpm":true,"isolation":"shutdown","monitoring":"vmMonitoringOnly",
         "rules":[{"name":"apart","kind":"apart","vms":["web01","web02"],"must":true},{"name":"off","kind":"together","vms":["web01","db01"],"off":true},
                  {"name":"on","kind":"on","vms":["web01"],"hosts":["DC0_C0_H0","DC0_C0_H1"],"must":true},{"name":"noton","kind":"noton","vms":["db01"],"hosts":["DC0_C0_H2"]},
                  {"name":"dep","kind":"depends","vms":["web01","web02"],"after":["db01"]}],
         "overrides":[{"vm":"db01","priority":"high","isolation":"none","monitoring":"vmMonitoringDisabled","drs":"manual","delay":30},{"vm":"web01","drs":"disabled"}],
         "pools":[{"name":"gold","shares":"high","reservation":1000,"limit":2000}],
         "vapps":[{"name":"shop","entries":[{"vm":"web02","order":2,"stop":"powerOff"},{"vm":"db01","order":1,"delay":60,"wait":true,"stop":"guestShutdown"}]}]}
        """;

    [SkippableFact]
    public void Everything_that_decides_where_and_when_machines_run_is_read()
    {
        using var folder = new TempFolder();
        var disk = VCenterPeer.MakeDisk(folder.File("d.raw"), 1 << 20, 1);
        using var peer = VCenterPeer.Start(["-machines", "0", "-cluster", Facts], $"name=web01,disk={disk}", $"name=web02,disk={disk}", $"name=db01,disk={disk},ft=on");
        using var session = Connect(peer);
        var inventory = new VSphereInventory(session, None);
        var cluster = Assert.Single(inventory.ClustersInFull());
        Assert.Equal(("shutdown", "vmMonitoringOnly", "intel-skylake", true, 3), (cluster.HAIsolationResponse, cluster.VMMonitoring, cluster.EvcMode, cluster.IsDpmEnabled, cluster.DrsThreshold));
        Assert.Equal(["DC0_C0_H0", "DC0_C0_H1", "DC0_C0_H2"], cluster.HostNames);
        Assert.Equal(
            [("apart", ClusterRuleKind.AntiAffinity, true, true, "web01 web02", ""), ("off", ClusterRuleKind.Affinity, false, false, "web01 db01", ""), ("on", ClusterRuleKind.MachinesOnHosts, true, true, "web01", "DC0_C0_H0 DC0_C0_H1"),
             ("noton", ClusterRuleKind.MachinesNotOnHosts, true, false, "db01", "DC0_C0_H2"), ("dep", ClusterRuleKind.DependsOn, true, false, "web01 web02", "")],
            cluster.Rules.Select(r => (r.Name, r.Kind, r.IsEnabled, r.IsMandatory, string.Join(' ', r.MachineNames), string.Join(' ', r.HostNames))));
        var overrides = cluster.Overrides.ToDictionary(o => o.Name);
        Assert.Equal(("high", "none", "vmMonitoringDisabled", "manual", 30), (overrides["db01"].HARestartPriority, overrides["db01"].HAIsolationResponse, overrides["db01"].VMMonitoring, overrides["db01"].DrsAutomationLevel, overrides["db01"].StartDelaySeconds));
        Assert.Equal((null, "disabled"), (overrides["web01"].HARestartPriority, overrides["web01"].DrsAutomationLevel));
        var gold = cluster.ResourcePools.Single(p => p.Name == "gold");
        Assert.Equal((4000L, "high", 1000L, true, 2000L), (gold.Cpu!.Shares, gold.Cpu.ShareLevel, gold.Cpu.Reservation, gold.Cpu.IsExpandable, gold.Cpu.Limit));
        Assert.Equal([(1, 60, true, "guestShutdown"), (2, 0, false, "powerOff")], cluster.ResourcePools.Single(p => p.IsVApp).Entries.Select(e => (e.StartOrder!.Value, e.StartDelaySeconds, e.WaitsForGuest, e.StopAction)));

        var facts = PlacementFacts.Of(cluster, [.. inventory.Read(inventory.MachinesOf(cluster.Reference))]);
        Assert.Equal([("db01", 1, 60), ("web01", 2, 0), ("web02", 2, 0)], MigrationOrderPlanner.Plan([facts]).Select(o => (o.Machine, o.Wave, o.DelaySeconds)));
        var db = facts.Machines.Single(m => m.Name == "db01");
        Assert.Equal(("high", true, true, "shop", "guestShutdown"), (db.RestartPriority, db.IsProtected, db.IsFaultTolerant, db.VApp, db.StopAction));
    }
}
