using System.Diagnostics;
using OsMigrate.Migrations.Assessment;
using OsMigrate.Tests.Support;
using OsMigrate.Tests.VSphere;
using OsMigrate.Tests.VSphere.RvTools;
using OsMigrate.VSphere.Inventory;
using OsMigrate.VSphere.RvTools;
using Xunit.Abstractions;

namespace OsMigrate.Tests.Migrations.Assessment;

/// <summary>Two thousand machines from either source: two seconds after they were read.</summary>
public class LargeInventoryTests(ITestOutputHelper output)
{
    private const int Many = 2000;

    [SkippableFact]
    public void Two_thousand_machines_of_a_vCenter_are_assessed_in_two_seconds()
    {
        using var peer = VCenterPeer.Start(["-machines", "2000"], []);
        using var session = VSpherePeer.Connect(peer);
        Assess("vCenter", () => InventoryReader.Read(session, null, null, default));
    }

    [Fact]
    public void Two_thousand_machines_of_a_workbook_are_assessed_in_two_seconds()
    {
        using var folder = new TempFolder();
        var export = new RvToolsExport().Places();
        for (var i = 0; i < Many; i++)
        {
            var (name, id) = ($"machine{i:0000}", $"vm-{i}");
            export.Machine(name, id, ("Host", $"esx{i % 40}"), ("vApp", i % 10 == 0 ? $"shop{i / 50}" : "")).Disk(name, id).Disk(name, id, 102_400, ("Disk", "Hard disk 2"), ("Unit #", 1), ("Disk Mode", i % 20 == 0 ? "independent_persistent" : "persistent")).Nic(name, id, $"00:50:56:00:{i >> 8:x2}:{i & 255:x2}");
        }

        export.Save(folder.File("many.xlsx"));
        Assess("workbook", () => RvToolsReader.ReadWorkbook(folder.File("many.xlsx"), default));
    }

    private void Assess(string source, Func<InventorySnapshot> read)
    {
        var reading = Stopwatch.StartNew();
        var snapshot = read();
        reading.Stop();
        Assert.InRange(snapshot.Machines.Count, Many, Many + 10);
        var times = new List<double>();
        for (var turn = 0; turn < 3; turn++)
        {
            var clock = Stopwatch.StartNew();
            Assert.Equal(snapshot.Machines.Count, InventoryAssessment.Run(snapshot, new AssessmentOptions(), default).Count);
            times.Add(clock.Elapsed.TotalSeconds);
        }

        output.WriteLine($"{source}: {snapshot.Machines.Count} machines read in {reading.Elapsed.TotalSeconds:0.00} s, assessed in {times.Min():0.00} s ({string.Join(", ", times.Select(t => t.ToString("0.00", System.Globalization.CultureInfo.InvariantCulture)))})");
        Assert.InRange(times.Min(), 0, 2);
    }
}
