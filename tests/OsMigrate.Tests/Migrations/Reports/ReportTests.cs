using System.IO.Compression;
using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Xml.Linq;
using MiniExcelLibs;
using OsMigrate.Bytes;
using OsMigrate.Migrations.Assessment;
using OsMigrate.Migrations.Reports;
using OsMigrate.Tests.Support;
using OsMigrate.VSphere;
using OsMigrate.VSphere.Inventory;
using static OsMigrate.Tests.Migrations.Assessment.Subjects;

namespace OsMigrate.Tests.Migrations.Reports;

public sealed class ReportTests : IDisposable
{
    private const ReportFormats All = ReportFormats.Html | ReportFormats.Csv | ReportFormats.Json | ReportFormats.Xlsx;

    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void The_manifest_holds_the_sum_of_every_file()
    {
        var files = Write(HostileInventory.Assess());
        Assert.Equal(["report.html", "machines.csv", "concerns.csv", "report.json", "report.xlsx", "manifest.json"], files.Select(f => f.Name));
        var manifest = JsonNode.Parse(File.ReadAllText(_folder.File("manifest.json")))!;
        foreach (var file in manifest["files"]!.AsArray())
            Assert.Equal(Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(_folder.File((string)file!["name"]!)))), (string)file["sha256"]!);
        Assert.Equal(5, manifest["files"]!.AsArray().Count);
        Assert.False((bool)manifest["redacted"]!);
    }

    [Theory]
    [InlineData("=1+1", "'=1+1")]
    [InlineData("+1", "'+1")]
    [InlineData("-1", "'-1")]
    [InlineData("@A1", "'@A1")]
    [InlineData("  =1", "'  =1")]
    [InlineData("\t=1", "'\t=1")]
    [InlineData("\uFF1D1", "'\uFF1D1")]
    [InlineData("\"=1", "'\"=1")]
    [InlineData("web-01", "web-01")]
    [InlineData("a=b", "a=b")]
    public void A_cell_of_CSV_is_no_formula(string text, string cell) => Assert.Equal(cell, CsvTable.Neutral(text));

    [Fact]
    public void CSV_has_one_record_for_each_machine_whatever_their_names_hold()
    {
        Write(HostileInventory.Assess(), ReportFormats.Csv);
        using var csv = Sylvan.Data.Csv.CsvDataReader.Create(_folder.File("machines.csv"), new Sylvan.Data.Csv.CsvDataReaderOptions { MaxBufferSize = 1 << 22 });
        var names = new List<string>();
        while (csv.Read())
        {
            Assert.Equal(csv.FieldCount, csv.RowFieldCount);
            names.Add(csv.GetString(0));
        }

        // Encoding replaces half of a pair, and what begins a formula is led by an apostrophe.
        Assert.Equal(HostileInventory.Names.Select(n => CsvTable.Neutral(n).Replace('\uD800', '\uFFFD')), names);
        Assert.DoesNotContain(File.ReadAllText(_folder.File("machines.csv")), c => c == '\0');
    }

    [Fact]
    public void The_workbook_holds_texts_and_no_formulas()
    {
        Write(HostileInventory.Assess(), ReportFormats.Xlsx);
        var path = _folder.File("report.xlsx");
        using (var zip = ZipFile.OpenRead(path))
        {
            foreach (var sheet in zip.Entries.Where(e => e.FullName.EndsWith(".xml", StringComparison.Ordinal)))
            {
                using var stream = sheet.Open();
                Assert.Empty(XDocument.Load(stream).Descendants().Where(e => e.Name.LocalName is "f" or "externalReference"));
            }
        }

        Assert.Equal(["Summary", "Machines", "Concerns", "Waves", "Checks", "Hosts", "Datastores", "Networks"], MiniExcel.GetSheetNames(path));
        var names = MiniExcel.Query(path, useHeaderRow: true, sheetName: "Machines").Select(r => (string?)((IDictionary<string, object?>)r)["Name"] ?? "").ToList();
        Assert.Equal(HostileInventory.Names.Length, names.Count);
        Assert.Contains("=cmd|' /C calc'!A0", names);
        Assert.Contains(names, n => n.Length == 10_000);
    }

    [Fact]
    public void JSON_holds_everything_under_stable_names()
    {
        var machines = HostileInventory.Assess();
        Write(machines, ReportFormats.Json);
        var json = JsonNode.Parse(File.ReadAllText(_folder.File("report.json")))!;
        Assert.Equal(HostileInventory.Names.Length, json["machines"]!.AsArray().Count);
        Assert.Equal(HostileInventory.Names[0], (string)json["machines"]![0]!["name"]!);
        Assert.Equal("migratableWithWarnings", (string)json["machines"]![0]!["verdict"]!);
        Assert.Equal(machines[0].Concerns.Select(c => c.Id), json["machines"]![0]!["concerns"]!.AsArray().Select(c => (string)c!["id"]!));
        Assert.Equal(HostileInventory.Names.Length, (int)json["summary"]!["verdicts"]!["total"]!);
    }

    [Fact]
    public void The_page_carries_data_that_cannot_end_its_element()
    {
        Write(HostileInventory.Assess(), ReportFormats.Html);
        var page = File.ReadAllText(_folder.File("report.html"));
        Assert.Equal(3, page.Split("<script").Length - 1);
        Assert.Equal(3, page.Split("</script>").Length - 1);
        var data = page.Split("id=\"data\">")[1].Split("</script>")[0];
        Assert.All(data, c => Assert.True(c is >= ' ' and <= '~' and not ('<' or '>' or '&' or '\'')));
        Assert.Equal(JsonValueKind.Object, JsonDocument.Parse(data).RootElement.ValueKind);
        Assert.DoesNotContain("unsafe-inline", page, StringComparison.Ordinal);
        Assert.DoesNotContain("sourceMappingURL", page, StringComparison.Ordinal);
        Assert.Contains("default-src 'none'", page, StringComparison.Ordinal);
        Assert.Contains("Permission is hereby granted", page, StringComparison.Ordinal);
    }

    [Fact]
    public void The_chart_library_is_the_one_that_is_named()
    {
        var page = Checkout.File("src", "OsMigrate", "Migrations", "Reports", "Page", "README.md");
        var library = File.ReadAllBytes(Checkout.File("src", "OsMigrate", "Migrations", "Reports", "Page", "chart.umd.min.js"));
        Assert.Contains(Convert.ToHexStringLower(SHA256.HashData(library)), File.ReadAllText(page), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("plain", "plain")]
    [InlineData("a\u202Eb", "a<U+202E>b")]
    [InlineData("a\0b", "a<U+0000>b")]
    [InlineData("\u05E9\u05DC", "\u05E9\u05DC")]
    [InlineData("\U0001F469\u200D\U0001F4BB", "\U0001F469\u200D\U0001F4BB")]
    public void Characters_that_cannot_be_seen_are_written_out(string text, string shown) => Assert.Equal(shown, ShownText.ForPage(text));

    [Fact]
    public void Half_of_a_pair_of_surrogates_is_replaced() => Assert.Equal("x\uFFFDy", ShownText.ForPage("x\uD800y"));

    [Fact]
    public void Long_texts_are_cut_between_characters()
    {
        var shown = ShownText.ForPage(string.Concat(Enumerable.Repeat("\U0001F680", 500)), 21);
        Assert.Equal(string.Concat(Enumerable.Repeat("\U0001F680", 10)) + "\u2026", shown);
    }

    [Fact]
    public void A_report_without_names_says_the_same_of_the_same_machines()
    {
        var machines = Secret();
        var (plain, redacted) = (machines, Redaction.Of(machines, default));
        Assert.Equal(plain.Select(m => (m.Verdict, m.Risk, m.Wave, m.CapacityBytes, m.Guest)), redacted.Select(m => (m.Verdict, m.Risk, m.Wave, m.CapacityBytes, m.Guest)));
        Assert.Equal(plain.SelectMany(m => m.Concerns.Select(c => c.Id)), redacted.SelectMany(m => m.Concerns.Select(c => c.Id)));
        Assert.DoesNotContain(redacted.SelectMany(m => m.Concerns), c => c.Evidence == "(left out)");
        Assert.Equal("vm-0001", redacted[0].Name);
        Assert.Equal(redacted[0].Machine.HostName, redacted[1].Machine.HostName);
        Assert.NotEqual("", redacted[0].Group);
        Assert.Equal(redacted[0].Group, redacted[1].Group);
        Assert.StartsWith("00:50:56:", redacted[0].Machine.Nics[0].MacAddress, StringComparison.Ordinal);
    }

    [Fact]
    public void No_file_of_a_report_without_names_holds_one()
    {
        Write(Secret(), All, redact: true);
        foreach (var file in Directory.GetFiles(_folder.Path))
        {
            var content = file.EndsWith(".xlsx", StringComparison.Ordinal) ? Expanded(file) : File.ReadAllText(file);
            foreach (var secret in new[] { "secret", "10.9.8", "fe:ed", "2001:db8:5ec" })
                Assert.False(content.Contains(secret, StringComparison.OrdinalIgnoreCase), $"{Path.GetFileName(file)} holds '{secret}': {Around(content, secret)}");
        }
    }

    [Fact]
    public void Files_that_are_there_are_kept_unless_the_user_says_otherwise()
    {
        var machines = HostileInventory.Assess();
        Write(machines, ReportFormats.Csv);
        Assert.Equal(ErrorIds.FileExists, Assert.Throws<OsMigrateException>(() => Write(machines, ReportFormats.Csv)).ErrorId);
        new MigrationReport(new ReportOptions(_folder.Path, ReportFormats.Csv, "T", false, Overwrite: true)).Write(machines, default);
        Assert.Equal(ErrorIds.BadRequest, Assert.Throws<OsMigrateException>(() => Write([])).ErrorId);
    }

    [Fact]
    public void Two_thousand_machines_make_a_page_of_less_than_five_megabytes()
    {
        var items = Enumerable.Range(0, 2000).Select(i => Item(Vm with
        {
            Name = $"machine-with-a-name-{i:0000}", Reference = new MoRef("VirtualMachine", $"vm-{i}"), HostName = $"esx{i % 50}.example.org", Cluster = "C1", HasTpm = true, IPAddresses = [$"10.0.{i / 250}.{i % 250}"],
            Disks = [Disk, Disk with { Label = "Hard disk 2", Mode = "independent_persistent" }], Nics = [Nic with { MacAddress = $"00:50:56:00:{i >> 8:x2}:{i & 255:x2}" }], Snapshots = [new VSphereSnapshot { Name = $"before change {i}", CreatedAt = Now.AddDays(-i - 4) }],
        })).ToArray();
        var machines = InventoryAssessment.Run(Snapshot(items), new AssessmentOptions { Now = Now }, default);
        Assert.InRange(Write(machines, ReportFormats.Html)[0].Bytes, 500_000, 5_000_000);
    }

    [Fact]
    public void Totals_are_those_of_the_machines()
    {
        var summary = Summaries.Of(Secret());
        Assert.Equal((3, 6L, 12_288L, 3L), (summary.Verdicts.Total, summary.CpuCount, summary.MemoryMiB, summary.DiskCount));
        Assert.Equal(3 * (40L << 30), summary.CapacityBytes);
        Assert.Equal([("1", 0), ("2", 3)], summary.Cpus.Select(b => (b.Label, b.Counts.Total)));
        Assert.Equal([("2", 0), ("4", 3)], summary.Memory.Select(b => (b.Label, b.Counts.Total)));
        Assert.Equal(summary.Waves.Sum(w => w.Machines), summary.Verdicts.Total - summary.Verdicts.NotMigratable - summary.Verdicts.Unknown);
        Assert.True(summary.Concerns.Zip(summary.Concerns.Skip(1)).All(p => p.First.Check.Category >= p.Second.Check.Category));
    }

    private static IReadOnlyList<MachineAssessment> Secret()
    {
        var machines = Enumerable.Range(0, 3).Select(i => Item(Vm with
        {
            Server = "secret-vc", Name = $"secret-vm-{(i == 2 ? 0 : i)}", Reference = new MoRef("VirtualMachine", $"secret-{i}"), InstanceUuid = "secret", BiosUuid = "secret", Datacenter = "secret-dc", DatacenterPath = "secret-dc", Folder = "secret-folder", HostName = "secret-host",
            Cluster = "secret-cluster", ResourcePool = "secret-pool", VApp = i < 2 ? new VAppPlace("secret-app", 1, 0) : null, GuestHostName = "secret.example", IPAddresses = ["10.9.8.7", "2001:db8:5ec::1"], Notes = "secret", Tags = ["secret/tag"],
            Disks = [Disk with { Label = "secret disk", FileName = "[secret-ds] secret/secret.vmdk", ParentFiles = ["[secret-ds] s.vmdk"], Uuid = "secret", ChangeId = "secret", Mode = "independent_persistent" }],
            Nics = [Nic with { Label = "secret nic", NetworkName = "secret-net", MacAddress = "00:50:56:fe:ed:01", IPAddresses = ["10.9.8.7"] }], Drives = [new OsMigrate.Machines.MachineDrive("cdrom", "secret drive", OsMigrate.Machines.DiskBus.Ide, "[secret-ds] secret.iso")],
            OtherDevices = [new OsMigrate.Machines.MachineDevice("usb", "secret dongle")], Snapshots = [new VSphereSnapshot { Name = "secret snap", Description = "secret", VMName = "secret", CreatedAt = Now.AddDays(-30) }],
            CustomAttributes = new Dictionary<string, string> { ["secret"] = "secret" },
        }, Traits with { FileSystems = [new GuestFileSystem("/srv/secret", 40L << 30, 1L << 20)], SharedBusDisks = ["secret disk"], UsbControllers = ["secret controller"] }) with { Source = "secret.xlsx" }).ToArray();
        return InventoryAssessment.Run(new InventorySnapshot
        {
            Machines = machines,
            Clusters = [Cluster with { Name = "secret-cluster", IsHAEnabled = true, Rules = [new VSphereClusterRule("secret-rule", ClusterRuleKind.Affinity, true, false, [.. machines.Select(m => m.Machine.Reference)], "secret", "secret")] }],
            Hosts = [new VSphereHost("secret-host", "secret-cluster", "Maker X1", "8.0", 1, 1)],
            Datastores = [new VSphereDatastore("secret-ds", "vsan", 1, 1, true)],
            Networks = [new VSphereNetwork("secret-net", "secret-switch", "secret")],
            Notices = ["secret notice"],
        }, new AssessmentOptions { Now = Now, Cloud = Cloud with { Name = "secret-cloud", Networks = ["secret-other"] }, Groups = new Dictionary<string, string> { ["secret-vm-0"] = "secret-group" } }, default);
    }

    private static string Expanded(string path)
    {
        using var zip = ZipFile.OpenRead(path);
        return string.Concat(zip.Entries.Select(e =>
        {
            using var reader = new StreamReader(e.Open());
            return reader.ReadToEnd();
        }));
    }

    private static string Around(string content, string part) => content.Substring(Math.Max(0, content.IndexOf(part, StringComparison.OrdinalIgnoreCase) - 80), 100);

    private IReadOnlyList<ReportFile> Write(IReadOnlyList<MachineAssessment> machines, ReportFormats formats = All, bool redact = false)
        => new MigrationReport(new ReportOptions(_folder.Path, formats, "Test", redact, Overwrite: false)).Write(machines, default);
}
