using System.Diagnostics;
using System.Text.Json.Nodes;
using OsMigrate.Bytes;
using OsMigrate.Migrations.Assessment;
using OsMigrate.Migrations.Jobs;
using OsMigrate.Migrations.Reports;
using OsMigrate.Tests.Support;
using OsMigrate.VSphere;
using OsMigrate.VSphere.Inventory;
using static OsMigrate.Tests.Migrations.Assessment.Subjects;

namespace OsMigrate.Tests.Migrations.Assessment;

public class AssessmentTests
{
    private static readonly AssessmentOptions Options = new() { Now = Now };

    [Fact]
    public void The_verdict_follows_the_heaviest_concern()
    {
        Assert.Equal(MigrationVerdict.Migratable, Verdict(Item(Vm with { IPAddresses = ["192.0.2.1"] })));
        Assert.Equal(MigrationVerdict.MigratableWithWarnings, Verdict(Item(Vm with { HasTpm = true })));
        Assert.Equal(MigrationVerdict.NotMigratable, Verdict(Item(Vm with { HasTpm = true, IsEncrypted = true })));
    }

    [Fact]
    public void What_a_source_should_have_told_makes_the_verdict_unknown_and_what_it_never_tells_a_warning()
    {
        var sound = Vm with { IPAddresses = ["192.0.2.1"] };
        Assert.Equal(MigrationVerdict.Unknown, Verdict(Item(sound, facts: InventoryFacts.All & ~InventoryFacts.DiskBackings)));
        var never = Run(Item(sound, facts: InventoryFacts.All & ~InventoryFacts.Encryption, expected: InventoryFacts.All & ~InventoryFacts.Encryption)).Single();
        Assert.Equal(MigrationVerdict.MigratableWithWarnings, never.Verdict);
        Assert.Equal(("openstack.assessment.incomplete", "Encrypted"), never.Concerns.Single(c => c.Category == ConcernCategory.Warning) is var c ? (c.Id, c.Evidence) : default);
        Assert.Contains("openstack.encryption.enabled", never.UnknownChecks);
        // A warning that the source should have told of keeps the machine from being called migratable.
        Assert.Equal(MigrationVerdict.MigratableWithWarnings, Verdict(Item(sound, facts: InventoryFacts.All & ~InventoryFacts.Snapshots)));
        Assert.Equal(MigrationVerdict.NotMigratable, Verdict(Item(sound with { IsEncrypted = true }, facts: InventoryFacts.All & ~InventoryFacts.DiskBackings)));
    }

    [Fact]
    public void Sizes_that_are_not_known_stay_open()
    {
        var known = Run(Item()).Single();
        Assert.Equal((40L << 30, 20L << 30, 20L << 30), (known.CapacityBytes, known.UsedBytes, known.CopyBytes));
        var open = Run(Item(Vm with { UsedBytes = 0 }, facts: InventoryFacts.All & ~InventoryFacts.DiskSizes)).Single();
        Assert.Null(open.CapacityBytes ?? open.UsedBytes ?? open.CopyBytes);
        Assert.Null(open.Duration);
    }

    [Fact]
    public void Waves_that_a_quota_does_not_hold_any_more_are_told()
    {
        // Five instances are left; each wave has three machines.
        var machines = Enumerable.Range(0, 8).Select(i => Item(Named($"m{i}"))).ToArray();
        var assessed = InventoryAssessment.Run(Snapshot(machines), Options with { Cloud = Cloud, Waves = new WaveLimits { MaxMachines = 3, PilotMachines = 0 } }, default);
        Assert.Equal(new string?[] { null, "instances: 6 needed up to wave 2, 5 left", "instances: 8 needed up to wave 3, 5 left" }, assessed.GroupBy(m => m.Wave).OrderBy(w => w.Key).Select(w => w.Select(m => m.Concerns.SingleOrDefault(c => c.Id == "openstack.quota.total")?.Evidence).Distinct().Single()));
        Assert.All(assessed.Where(m => m.Wave > 1), m => Assert.Equal(MigrationVerdict.MigratableWithWarnings, m.Verdict));
        Assert.DoesNotContain(InventoryAssessment.Run(Snapshot(machines[..5]), Options with { Cloud = Cloud }, default), m => m.Concerns.Any(c => c.Id == "openstack.quota.total"));
    }

    [Fact]
    public void Growth_is_counted_from_an_earlier_report()
    {
        using var folder = new TempFolder();
        var earlier = InventoryAssessment.Run(Snapshot(Item(Vm with { UsedBytes = 15L << 30 })), Options with { Now = Now.AddDays(-10) }, default);
        var path = folder.File("report.json");
        string Json(bool redacted) => ReportJson.Make("May", Summaries.Of(earlier), earlier[0].Context, earlier, redacted, "0.1.0");
        File.WriteAllText(path, Json(false));
        var machines = Snapshot(Item(), Item(Named("new")), Item(Vm with { UsedBytes = 0 }));
        var assessed = InventoryAssessment.Run(machines, Options with { Baseline = EarlierReport.Read(path) }, default);
        Assert.Equal(new long?[] { 1L << 29, null, null }, assessed.Select(m => m.GrowthBytesPerDay));
        Assert.All(Run(Item()), m => Assert.Null(m.GrowthBytesPerDay));
        // An hour says nothing.
        Assert.Null(InventoryAssessment.Run(machines, Options with { Now = Now.AddDays(-10).AddMinutes(30), Baseline = EarlierReport.Read(path) }, default)[0].GrowthBytesPerDay);
        foreach (var bad in new[] { Json(true), "", "[]", "{}", "{\"schema\":\"osmigrate.migration-report/1\"}", "{\"schema\":\"osmigrate.migration-report/1\",\"createdAt\":7,\"machines\":[]}", Json(false)[..200] })
        {
            File.WriteAllText(path, bad);
            Assert.Equal(ErrorIds.BadRequest, Assert.Throws<OsMigrateException>(() => EarlierReport.Read(path)).ErrorId);
        }
    }

    [Fact]
    public void What_belongs_together_gets_one_wave()
    {
        var machines = Enumerable.Range(0, 30).Select(i => Item(Named($"m{i}") with { VApp = i is 3 or 17 ? new VAppPlace("shop", i, 0) : null })).ToArray();
        var rule = new VSphereClusterRule("apart", ClusterRuleKind.AntiAffinity, true, false, [machines[17].Machine.Reference, machines[25].Machine.Reference], null, null);
        var snapshot = Snapshot(machines) with { Clusters = [Cluster with { Rules = [rule] }] };
        var assessed = InventoryAssessment.Run(snapshot, Options with { Groups = new Dictionary<string, string> { ["m1"] = "mail", ["m2"] = "mail" }, Waves = new WaveLimits { MaxMachines = 7, PilotMachines = 2 } }, default);
        Assert.Single(new[] { 3, 17, 25 }.Select(i => assessed[i].Wave).Distinct());
        Assert.Equal(assessed[1].Wave, assessed[2].Wave);
        Assert.Equal("mail", assessed[1].Group);
        Assert.Contains("vApp shop", assessed[25].Group, StringComparison.Ordinal);
        Assert.Equal("", assessed[0].Group);
        Assert.All(assessed.GroupBy(m => m.Wave), w => Assert.InRange(w.Count(), 1, 7));
        Assert.InRange(assessed.Count(m => m.Wave == 1), 1, 2);
    }

    [Fact]
    public void Waves_begin_with_the_harmless_and_leave_out_what_cannot_move()
    {
        var assessed = InventoryAssessment.Run(
            Snapshot(Item(Named("risky") with { HasTpm = true, Disks = [Disk with { Mode = "independent_persistent" }] }), Item(Named("plain") with { IPAddresses = ["192.0.2.1"] }), Item(Named("stuck") with { IsEncrypted = true }), Item(Named("template") with { IsTemplate = true })),
            Options with { Waves = new WaveLimits { MaxMachines = 1 } }, default);
        Assert.Equal([2, 1, null, null], assessed.Select(m => m.Wave));
    }

    [Fact]
    public void A_wave_ends_when_its_time_is_up()
    {
        var rates = new MigrationRates { CopyMiBPerSecond = 100, VolumeMiBPerSecond = 100, TotalMiBPerSecond = 1000, ParallelCount = 1, Overhead = TimeSpan.Zero };
        var machines = Enumerable.Range(0, 6).Select(i => Item(Named($"m{i}"))).ToArray();
        var assessed = InventoryAssessment.Run(Snapshot(machines), Options with { Rates = rates, Waves = new WaveLimits { MaxDuration = TimeSpan.FromMinutes(15), PilotMachines = 0 } }, default);
        // 20 GiB at 100 MiB/s, twice: 410 s each, so two of them in a quarter of an hour.
        Assert.Equal(TimeSpan.FromSeconds(409.6), assessed[0].Duration);
        Assert.Equal([2, 2, 2], assessed.GroupBy(m => m.Wave).Select(w => w.Count()));
    }

    [Fact]
    public void Many_machines_take_as_long_as_lanes_and_line_allow()
    {
        var rates = new MigrationRates { CopyMiBPerSecond = 100, VolumeMiBPerSecond = 1e6, TotalMiBPerSecond = 200, ParallelCount = 4, Overhead = TimeSpan.Zero };
        var eight = Enumerable.Repeat(1000L << 20, 8).ToList();
        Assert.Equal(40, rates.Of(eight).TotalSeconds, 1);
        Assert.Equal(20, (rates with { TotalMiBPerSecond = 1e6 }).Of(eight).TotalSeconds, 0.1);
        Assert.Equal(TimeSpan.Zero, rates.Of([]));
        Assert.True(rates.Of(long.MaxValue) > TimeSpan.FromDays(365));
    }

    [Fact]
    public void Rates_are_learnt_from_jobs_that_were_done()
    {
        using var folder = new TempFolder();
        var store = new JobStore(folder.Path);
        var standard = new MigrationRates();
        Assert.Same(standard, MeasuredRates.From(store, standard));
        using (var journal = store.Create("job-1"))
        {
            journal.Append("plan", new JsonObject());
            journal.Append("step", new JsonObject { ["step"] = "image0", ["result"] = new JsonObject { ["kind"] = "image", ["id"] = "i", ["disk"] = new JsonObject { ["SentBytes"] = 1000L << 20, ["UploadDuration"] = "00:00:20" } } });
            journal.Append("finished");
        }

        using (var failed = store.Create("job-2"))
        {
            failed.Append("plan", new JsonObject());
            failed.Append("step", new JsonObject { ["step"] = "image0", ["result"] = new JsonObject { ["kind"] = "image", ["id"] = "i", ["disk"] = new JsonObject { ["SentBytes"] = 1000L << 20, ["UploadDuration"] = "00:00:01" } } });
        }

        var learnt = MeasuredRates.From(store, standard);
        Assert.Equal(50, learnt.CopyMiBPerSecond, 0.01);
        Assert.Equal(standard.VolumeMiBPerSecond, learnt.VolumeMiBPerSecond);
        Assert.StartsWith("measured in 1 jobs: 50 MiB/s a machine", learnt.Source, StringComparison.Ordinal);
    }

    [Fact]
    public void Two_thousand_machines_are_assessed_in_two_seconds()
    {
        var machines = Enumerable.Range(0, 2000).Select(i => Item(Named($"m{i:0000}") with { VApp = i % 9 == 0 ? new VAppPlace($"v{i / 40}", 1, 0) : null, Disks = [Disk, Disk, Disk], HasTpm = i % 7 == 0 })).ToArray();
        var times = new List<TimeSpan>();
        for (var turn = 0; turn < 3; turn++)
        {
            var clock = Stopwatch.StartNew();
            Assert.Equal(2000, InventoryAssessment.Run(Snapshot(machines), Options with { Cloud = Cloud }, default).Count);
            times.Add(clock.Elapsed);
        }

        Assert.InRange(times.Min(), TimeSpan.Zero, TimeSpan.FromSeconds(2));
    }

    private static VSphereMachine Named(string name) => Vm with { Name = name, Reference = new MoRef("VirtualMachine", name), Nics = [Nic with { MacAddress = null }] };

    private static MigrationVerdict Verdict(InventoryMachine item) => Run(item).Single().Verdict;

    private static IReadOnlyList<MachineAssessment> Run(params InventoryMachine[] items) => InventoryAssessment.Run(Snapshot(items), Options, default);
}
