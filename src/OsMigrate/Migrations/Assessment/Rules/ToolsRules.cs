using static OsMigrate.VSphere.Inventory.InventoryFacts;

namespace OsMigrate.Migrations.Assessment.Rules;

/// <summary>VMware Tools, by which the guest is shut down, quiesced and known.</summary>
internal static class ToolsRules
{
    public static IReadOnlyList<AssessmentRule> All { get; } =
    [
        new("openstack.tools.not_running", ConcernCategory.Advisory, "VMware Tools does not run",
            "The guest cannot be shut down or quiesced in order, and its addresses are not known.", "Start or install Tools, or shut the guest down by hand before the move.",
            Tools | Power, static s => Finding.When(s.IsOn && !s.Machine.ToolsRunning, s.Machine.ToolsStatus.Length > 0 ? s.Machine.ToolsStatus : "not running")),
        new("openstack.tools.old", ConcernCategory.Information, "VMware Tools is old",
            "Quiescing may fail with old versions.", "None needed for a cold move: Tools is removed after it.",
            Tools, static s => Finding.When(s.Machine.ToolsStatus == "toolsOld", $"version {s.Machine.ToolsVersion}")),
        new("vmware.hostname.empty", ConcernCategory.Information, "The guest's own name is not known",
            "The server is named after the machine, and the guest keeps whatever name it has.", "None needed.",
            GuestNetwork | Power, static s => s.IsOn ? Finding.When(s.Machine.GuestHostName.Length == 0, "no host name") : Finding.Unknown),
        new("vmware.hostname.default", ConcernCategory.Advisory, "The guest has a name that came with it",
            "Several guests of this name cannot be told apart in DNS and logs.", "Give it a name of its own.",
            GuestNetwork, static s => s.Machine.GuestHostName.Length == 0 ? Finding.Unknown : Finding.When(s.Machine.GuestHostName.StartsWith("localhost", StringComparison.OrdinalIgnoreCase), s.Machine.GuestHostName)),
    ];
}
