using OsMigrate.Machines;
using OsMigrate.Migrations.Assessment;
using OsMigrate.VSphere;
using OsMigrate.VSphere.Inventory;
using static OsMigrate.Tests.Migrations.Assessment.Subjects;

namespace OsMigrate.Tests.Migrations.Reports;

/// <summary>Machines whose names try to get out of a report.</summary>
internal static class HostileInventory
{
    public static readonly string[] Names =
    [
        "<script>window.hacked=1</script>", "</script><script>window.hacked=2</script>", "\"><img src=x onerror=window.hacked=3>", "<svg/onload=window.hacked=4>", "javascript:window.hacked=5", "{{data}}{{script}}", "<!--", "]]>", "&lt;b&gt;bold&amp;",
        "=cmd|' /C calc'!A0", "+1+1", "-2+3", "@SUM(A1)", "\t=1", "＝1+1", " =HYPERLINK(\"http://example.org\")", new string('n', 10_000), new string('\u202E', 40), "web\u202Etxt.exe", "\u05E9\u05DC\u05D5\u05DD \u0645\u0631\u062D\u0628\u0627", "\0\u0001\u0007\u001B[31mred\u007F", "line\r\nbreak\u2028\u2029",
        "\U0001F680\U0001F469\u200D\U0001F4BB", "lone\uD800surrogate", "__proto__", "constructor", "\u200B\uFEFFhidden", "'; DROP TABLE vms; --", "${7*7}", "",
    ];

    public static IReadOnlyList<MachineAssessment> Assess()
    {
        var machines = Names.Select((name, i) => Item(Vm with
        {
            Name = name, Reference = new MoRef("VirtualMachine", $"vm-{i}"), Notes = name, GuestFullName = i % 2 == 0 ? name : Vm.GuestFullName, HostName = name, Cluster = i % 3 == 0 ? name : "C1", GuestHostName = name, Folder = name,
            Disks = [Disk with { Label = name, FileName = $"[{name}] {name}/a.vmdk", Mode = "independent_persistent" }], Nics = [Nic with { Label = name, NetworkName = name, MacAddress = $"00:50:56:00:00:{i:x2}" }], IPAddresses = [$"192.0.2.{i}"],
            Snapshots = [new VSphereSnapshot { Name = name, CreatedAt = Now.AddDays(-30) }], VApp = new VAppPlace(name, 1, 0), OtherDevices = [new MachineDevice("usb", name)], Drives = [new MachineDrive("cdrom", name, DiskBus.Ide, name)],
        }, Traits with { RunningGuest = i % 4 == 0 ? name : Traits.RunningGuest, FileSystems = [new GuestFileSystem(name, 10L << 30, 1)] })).ToArray();
        return InventoryAssessment.Run(new InventorySnapshot
        {
            Machines = machines,
            Clusters = [.. Names.Select(n => Cluster with { Name = n, Rules = [new VSphereClusterRule(n, ClusterRuleKind.Affinity, true, false, [machines[0].Machine.Reference], n, n)] })],
            Hosts = [.. Names.Select(n => new VSphereHost(n, n, n, n, 1, 1))],
            Datastores = [.. Names.Select(n => new VSphereDatastore(n, n, 1, 1, true))],
            Networks = [.. Names.Select(n => new VSphereNetwork(n, n, n))],
            Notices = Names,
        }, new AssessmentOptions { Now = Now }, default);
    }
}
