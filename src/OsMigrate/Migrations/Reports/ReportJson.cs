using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using OsMigrate.Migrations.Assessment;

namespace OsMigrate.Migrations.Reports;

/// <summary>The report for programs: everything, under stable names.</summary>
internal static class ReportJson
{
    private static readonly JsonSerializerOptions Options = new()
    {
        WriteIndented = true,
        Encoder = JavaScriptEncoder.Default,
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.CamelCase) },
    };

    public static string Make(string title, AssessmentSummary summary, AssessmentContext context, IReadOnlyList<MachineAssessment> machines, bool isRedacted, string version) => new JsonObject
    {
        ["schema"] = EarlierReport.Schema,
        ["title"] = title,
        ["osMigrateVersion"] = version,
        ["createdAt"] = context.CreatedAt,
        ["redacted"] = isRedacted,
        ["sources"] = JsonSerializer.SerializeToNode(context.Sources, Options),
        ["cloud"] = context.Cloud,
        ["rates"] = JsonSerializer.SerializeToNode(context.Rates, Options),
        ["notices"] = JsonSerializer.SerializeToNode(context.Notices, Options),
        ["summary"] = JsonSerializer.SerializeToNode(summary, Options),
        ["machines"] = new JsonArray([.. machines.Select(static m => (JsonNode)Machine(m))]),
        ["hosts"] = JsonSerializer.SerializeToNode(context.Hosts, Options),
        ["datastores"] = JsonSerializer.SerializeToNode(context.Datastores, Options),
        ["networks"] = JsonSerializer.SerializeToNode(context.Networks, Options),
        ["checks"] = JsonSerializer.SerializeToNode(context.Checks, Options),
    }.ToJsonString(Options);

    private static JsonObject Machine(MachineAssessment m) => new()
    {
        ["id"] = m.Machine.Id,
        ["name"] = m.Name,
        ["source"] = m.Source,
        ["sourceKind"] = m.SourceKind,
        ["verdict"] = JsonSerializer.SerializeToNode(m.Verdict, Options),
        ["risk"] = JsonSerializer.SerializeToNode(m.Risk, Options),
        ["wave"] = m.Wave,
        ["group"] = m.Group,
        ["concerns"] = JsonSerializer.SerializeToNode(m.Concerns.Select(static c => new { c.Id, c.Category, c.Evidence }), Options),
        ["unknownChecks"] = JsonSerializer.SerializeToNode(m.UnknownChecks, Options),
        ["powerState"] = m.PowerState,
        ["guest"] = m.Guest,
        ["cpuCount"] = m.CpuCount,
        ["memoryMiB"] = m.MemoryMiB,
        ["capacityBytes"] = m.CapacityBytes,
        ["provisionedBytes"] = m.ProvisionedBytes,
        ["usedBytes"] = m.UsedBytes,
        ["growthBytesPerDay"] = m.GrowthBytesPerDay,
        ["inUseBytes"] = m.InUseBytes,
        ["copyBytes"] = m.CopyBytes,
        ["estimatedSeconds"] = m.Duration?.TotalSeconds,
        ["flavor"] = m.Flavor,
        ["firmware"] = JsonSerializer.SerializeToNode(m.Machine.Firmware, Options),
        ["secureBoot"] = m.Machine.SecureBoot,
        ["hardwareVersion"] = m.Machine.HardwareVersion,
        ["datacenter"] = m.Machine.Datacenter,
        ["cluster"] = m.Machine.Cluster,
        ["host"] = m.Machine.HostName,
        ["folder"] = m.Machine.Folder,
        ["hostName"] = m.Machine.GuestHostName,
        ["addresses"] = JsonSerializer.SerializeToNode(m.Machine.IPAddresses, Options),
        ["tools"] = m.Machine.ToolsStatus,
        ["snapshotCount"] = m.Machine.Snapshots.Count,
        ["disks"] = JsonSerializer.SerializeToNode(m.Machine.Disks.Select(static d => new { d.Label, d.Address, d.CapacityBytes, d.Backing, d.Mode, d.Sharing, d.IsThin, d.FileName }), Options),
        ["adapters"] = JsonSerializer.SerializeToNode(m.Machine.Nics.Select(static n => new { n.Label, n.MacAddress, n.Model, n.NetworkName, n.IPAddresses }), Options),
        ["notes"] = m.Machine.Notes,
    };
}
