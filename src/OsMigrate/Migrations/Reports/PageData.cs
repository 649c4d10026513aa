using System.Text.Json;
using System.Text.Json.Nodes;
using OsMigrate.Migrations.Assessment;

namespace OsMigrate.Migrations.Reports;

/// <summary>What the page shows, as compact JSON: rows are arrays, texts that repeat are numbers into a list.</summary>
internal sealed class PageData
{
    private readonly Dictionary<string, int> _texts = new(StringComparer.Ordinal) { [""] = 0 };
    private readonly Dictionary<string, int> _checks = new(StringComparer.Ordinal);

    /// <summary>All of it.</summary>
    /// <remarks>The serializer writes &lt;, &gt;, &amp;, quotes and all that is not ASCII as \u escapes, so nothing can end the element that carries it.</remarks>
    public static string Json(string title, AssessmentSummary summary, AssessmentContext context, IReadOnlyList<MachineAssessment> machines, bool isRedacted, string version)
        => new PageData().All(title, summary, context, machines, isRedacted, version).ToJsonString(new JsonSerializerOptions { WriteIndented = false });

    private JsonObject All(string title, AssessmentSummary summary, AssessmentContext context, IReadOnlyList<MachineAssessment> machines, bool isRedacted, string version)
    {
        var checks = new JsonArray();
        foreach (var check in context.Checks)
        {
            _checks[check.Id] = checks.Count;
            checks.Add(Row(check.Id, (int)check.Category, check.Label, check.Meaning, check.Cure));
        }

        var rows = new JsonArray([.. machines.Select(Machine)]);
        return new JsonObject
        {
            ["title"] = Shown(title),
            ["version"] = version,
            ["redacted"] = isRedacted,
            ["createdAt"] = context.CreatedAt.ToString("yyyy-MM-dd HH:mm", System.Globalization.CultureInfo.InvariantCulture) + " UTC",
            ["sources"] = Texts(context.Sources),
            ["cloud"] = Shown(context.Cloud),
            ["rates"] = context.Rates.Source,
            ["parallel"] = context.Rates.ParallelCount,
            ["notices"] = Texts(context.Notices.Take(200)),
            ["totals"] = Totals(summary),
            ["charts"] = new JsonObject
            {
                ["guests"] = Bars(summary.Guests), ["cpus"] = Bars(summary.Cpus), ["memory"] = Bars(summary.Memory), ["disks"] = Bars(summary.Disks), ["nics"] = Bars(summary.Nics), ["sizes"] = Bars(summary.Sizes),
            },
            ["clusters"] = Bars(summary.Clusters),
            ["datastores"] = new JsonArray([.. context.Datastores.Select(d => (JsonNode)Row(Shown(d.Name), Shown(d.Type), d.CapacityBytes, d.FreeBytes, Users(summary.Datastores, d.Name)))]),
            ["networks"] = new JsonArray([.. summary.Networks.Select(n => (JsonNode)Row(Shown(n.Label), string.Join(", ", context.Networks.Where(k => k.Name == n.Label && k.Vlan.Length > 0).Select(static k => k.Vlan).Distinct().Take(4)), n.Counts.Total))]),
            ["hosts"] = new JsonArray([.. context.Hosts.Select(h => (JsonNode)Row(Shown(h.Name), Shown(h.Cluster), Shown(h.Model), Shown(h.Version), h.CoreCount, h.MemoryMiB))]),
            ["waves"] = new JsonArray([.. summary.Waves.Select(static w => (JsonNode)Row(w.Number, w.Machines, w.Bytes, Minutes(w.Duration), w.HighRisk))]),
            ["concerns"] = new JsonArray([.. summary.Concerns.Select(c => (JsonNode)Row(_checks[c.Check.Id], c.Machines))]),
            ["unknown"] = new JsonArray([.. summary.Unknown.Select(c => (JsonNode)Row(_checks[c.Check.Id], c.Machines))]),
            ["checks"] = checks,
            ["machines"] = rows,
            ["texts"] = new JsonArray([.. _texts.OrderBy(static t => t.Value).Select(static t => (JsonNode)JsonValue.Create(t.Key)!)]),
        };
    }

    private static JsonObject Totals(AssessmentSummary s) => new()
    {
        ["verdicts"] = Verdicts(s.Verdicts), ["cpus"] = s.CpuCount, ["memoryMiB"] = s.MemoryMiB, ["disks"] = s.DiskCount, ["nics"] = s.NicCount, ["capacity"] = s.CapacityBytes,
        ["provisioned"] = s.ProvisionedBytes, ["used"] = s.UsedBytes, ["copy"] = s.CopyBytes, ["minutes"] = Minutes(s.Duration), ["withoutSize"] = s.WithoutSize, ["poweredOn"] = s.PoweredOn,
    };

    /// <summary>The order of the fields is that of "fields" in report.js.</summary>
    private JsonNode Machine(MachineAssessment m)
    {
        var concerns = new JsonArray([.. m.Concerns.Where(c => _checks.ContainsKey(c.Id)).Select(c => (JsonNode)Row(_checks[c.Id], Text(c.Evidence)))]);
        var unknown = new JsonArray([.. m.UnknownChecks.Where(_checks.ContainsKey).Select(id => (JsonNode)JsonValue.Create(_checks[id])!)]);
        var row = Row(Shown(m.Name), Group(m), (int)m.Risk, m.Wave, Text(m.Group), Text(m.PowerState), Text(m.Guest), m.CpuCount, m.MemoryMiB, m.DiskCount, m.NicCount, m.CapacityBytes, m.UsedBytes, m.InUseBytes,
            m.Duration is { } d ? Minutes(d) : null, Text(m.Flavor), Text(m.Machine.Cluster), Text(m.Machine.HostName), Text(m.Machine.Datacenter), Text(string.Join(", ", m.Datastores)), Text(string.Join(", ", m.Networks)),
            Shown(string.Join(", ", m.Machine.IPAddresses.Take(6))), Text(m.Machine.HardwareVersion), Text(m.Machine.Firmware.ToString()), Text(m.Source), m.Machine.Snapshots.Count);
        row.Add(concerns);
        row.Add(unknown);
        return row;
    }

    /// <summary>The page tells machines apart of which nothing is known that speaks against them.</summary>
    private static int Group(MachineAssessment m) => m.Verdict switch
    {
        MigrationVerdict.Migratable => 0,
        MigrationVerdict.MigratableWithWarnings => VerdictCounts.IsNotFullyChecked(m) ? 1 : 2,
        MigrationVerdict.NotMigratable => 3,
        _ => 4,
    };

    private int Text(string text)
    {
        var shown = Shown(text);
        if (!_texts.TryGetValue(shown, out var number))
            _texts[shown] = number = _texts.Count;
        return number;
    }

    private static int Users(IReadOnlyList<SummaryBar> bars, string name) => bars.FirstOrDefault(b => b.Label == name)?.Counts.Total ?? 0;

    private static string Shown(string text) => ShownText.ForPage(text);

    private static JsonArray Texts(IEnumerable<string> texts) => new([.. texts.Select(static t => (JsonNode)JsonValue.Create(ShownText.ForPage(t, 400))!)]);

    private static JsonArray Bars(IReadOnlyList<SummaryBar> bars) => new([.. bars.Select(static b => (JsonNode)Row(Shown(b.Label), Verdicts(b.Counts), b.Bytes))]);

    private static JsonArray Verdicts(VerdictCounts c) => Row(c.Migratable, c.NotFullyChecked, c.WithWarnings, c.NotMigratable, c.Unknown);

    private static double Minutes(TimeSpan time) => Math.Ceiling(time.TotalMinutes);

    private static JsonArray Row(params object?[] cells) => new([.. cells.Select(static c => c switch
    {
        null => null,
        JsonNode node => node,
        string text => JsonValue.Create(text),
        int n => JsonValue.Create(n),
        long n => JsonValue.Create(n),
        double n => JsonValue.Create(n),
        _ => (JsonNode?)JsonValue.Create(c.ToString()),
    })]);
}
