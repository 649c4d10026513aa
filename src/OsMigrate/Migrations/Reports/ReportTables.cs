using OsMigrate.Migrations.Assessment;

namespace OsMigrate.Migrations.Reports;

/// <summary>A table of a report: headers and rows of texts and numbers.</summary>
internal sealed record ReportTable(string Name, IReadOnlyList<string> Headers, IReadOnlyList<IReadOnlyList<object?>> Rows);

/// <summary>The tables that CSV and XLSX have in common.</summary>
internal static class ReportTables
{
    private const double GiB = 1 << 30;

    public static ReportTable Machines(IReadOnlyList<MachineAssessment> machines) => new(
        "Machines",
        ["Name", "Verdict", "Risk", "Wave", "Group", "Critical", "Warnings", "UnknownChecks", "Concerns", "PowerState", "Guest", "CPUs", "MemoryMiB", "Disks", "NICs", "CapacityGiB", "ProvisionedGiB", "UsedGiB", "GrowthGiBPerMonth", "InGuestGiB", "EstimatedMinutes", "Flavor",
            "Firmware", "HardwareVersion", "Datacenter", "Cluster", "Host", "Folder", "Datastores", "Networks", "IPAddresses", "MACAddresses", "HostName", "Tools", "Snapshots", "Source", "Id", "Notes"],
        [.. machines.Select(static m => (IReadOnlyList<object?>)[
            m.Name, m.Verdict.ToString(), m.Risk.ToString(), m.Wave, m.Group, Count(m, ConcernCategory.Critical), Count(m, ConcernCategory.Warning), m.UnknownChecks.Count, string.Join(" ", m.Concerns.Select(static c => c.Id)), m.PowerState, m.Guest,
            m.CpuCount, m.MemoryMiB > 0 ? m.MemoryMiB : null, m.DiskCount, m.NicCount, Size(m.CapacityBytes), Size(m.ProvisionedBytes), Size(m.UsedBytes), Size(m.GrowthBytesPerDay * 30), Size(m.InUseBytes), m.Duration is { } d ? Math.Ceiling(d.TotalMinutes) : null, m.Flavor,
            m.Machine.Firmware.ToString(), m.Machine.HardwareVersion, m.Machine.Datacenter, m.Machine.Cluster, m.Machine.HostName, m.Machine.Folder, string.Join("; ", m.Datastores), string.Join("; ", m.Networks), string.Join("; ", m.Machine.IPAddresses),
            string.Join("; ", m.Machine.Nics.Select(static n => n.MacAddress).OfType<string>()), m.Machine.GuestHostName, m.Machine.ToolsStatus, m.Machine.Snapshots.Count, m.Source, m.Machine.Id, m.Machine.Notes])]);

    public static ReportTable Concerns(IReadOnlyList<MachineAssessment> machines) => new(
        "Concerns",
        ["Machine", "Category", "Id", "Label", "Evidence", "Meaning", "Cure"],
        [.. machines.SelectMany(static m => m.Concerns.Select(c => (IReadOnlyList<object?>)[m.Name, c.Category.ToString(), c.Id, c.Label, c.Evidence, c.Meaning, c.Cure]))]);

    public static ReportTable Summary(AssessmentSummary summary, AssessmentContext context) => new(
        "Summary",
        ["Item", "Value"],
        [
            Row("Assessed (UTC)", context.CreatedAt.ToString("yyyy-MM-dd HH:mm", System.Globalization.CultureInfo.InvariantCulture)), Row("Sources", string.Join("; ", context.Sources)), Row("Cloud", context.Cloud),
            Row("Machines", summary.Verdicts.Total), Row("Migratable", summary.Verdicts.Migratable), Row("Nothing found, not fully checked", summary.Verdicts.NotFullyChecked), Row("Migratable with warnings", summary.Verdicts.WithWarnings), Row("Not migratable", summary.Verdicts.NotMigratable), Row("Unknown", summary.Verdicts.Unknown),
            Row("CPUs", summary.CpuCount), Row("Memory (GiB)", Math.Round(summary.MemoryMiB / 1024.0, 1)), Row("Disks", summary.DiskCount), Row("NICs", summary.NicCount), Row("Capacity (GiB)", Size(summary.CapacityBytes)), Row("Used (GiB)", Size(summary.UsedBytes)),
            Row("Waves", summary.Waves.Count), Row("Estimated hours", Math.Round(summary.Duration.TotalHours, 1)), Row("Rates", context.Rates.Source),
        ]);

    public static ReportTable Waves(AssessmentSummary summary) => new(
        "Waves",
        ["Wave", "Machines", "GiB", "Hours", "HighRisk"],
        [.. summary.Waves.Select(static w => (IReadOnlyList<object?>)[w.Number, w.Machines, Size(w.Bytes), Math.Round(w.Duration.TotalHours, 1), w.HighRisk])]);

    public static ReportTable Checks(AssessmentSummary summary, AssessmentContext context)
    {
        var (found, unknown) = (summary.Concerns.ToDictionary(static c => c.Check.Id, static c => c.Machines, StringComparer.Ordinal), summary.Unknown.ToDictionary(static c => c.Check.Id, static c => c.Machines, StringComparer.Ordinal));
        return new ReportTable(
            "Checks",
            ["Id", "Category", "Label", "Found", "Unknown", "Meaning", "Cure"],
            [.. context.Checks.Select(c => (IReadOnlyList<object?>)[c.Id, c.Category.ToString(), c.Label, found.TryGetValue(c.Id, out var f) ? f : 0, unknown.TryGetValue(c.Id, out var u) ? u : 0, c.Meaning, c.Cure])]);
    }

    public static ReportTable Hosts(AssessmentContext context) => new(
        "Hosts",
        ["Name", "Cluster", "Model", "Version", "Cores", "MemoryMiB"],
        [.. context.Hosts.Select(static h => (IReadOnlyList<object?>)[h.Name, h.Cluster, h.Model, h.Version, h.CoreCount, h.MemoryMiB])]);

    public static ReportTable Datastores(AssessmentContext context) => new(
        "Datastores",
        ["Name", "Type", "CapacityGiB", "FreeGiB", "Accessible"],
        [.. context.Datastores.Select(static d => (IReadOnlyList<object?>)[d.Name, d.Type, Size(d.CapacityBytes), Size(d.FreeBytes), d.IsAccessible?.ToString() ?? ""])]);

    public static ReportTable Networks(AssessmentContext context) => new(
        "Networks",
        ["Name", "Switch", "VLAN"],
        [.. context.Networks.Select(static n => (IReadOnlyList<object?>)[n.Name, n.Switch, n.Vlan])]);

    private static IReadOnlyList<object?> Row(string item, object? value) => [item, value];

    private static int Count(MachineAssessment machine, ConcernCategory category) => machine.Concerns.Count(c => c.Category == category);

    private static double? Size(long? bytes) => bytes is { } b ? Math.Round(b / GiB, 2) : null;
}
