using OsMigrate.Migrations.Assessment;

namespace OsMigrate.Migrations.Reports;

/// <summary>Makes an assessment that can be shown to others: verdicts, sizes and concerns as they are, names, addresses and notes replaced.</summary>
/// <remarks>
/// Nothing is searched for and replaced in texts. The inventory itself is replaced, field by field, and assessed again; what a concern shows as its evidence
/// therefore comes from pseudonyms only. What that does not find again (rules about names) keeps evidence that holds no name.
/// </remarks>
internal static class Redaction
{
    public static IReadOnlyList<MachineAssessment> Of(IReadOnlyList<MachineAssessment> machines, CancellationToken cancel)
    {
        var names = new Pseudonyms();
        var redacted = new Dictionary<AssessmentContext, IReadOnlyList<MachineAssessment>>(ReferenceComparer.Instance);
        foreach (var context in machines.Select(static m => m.Context).Distinct(ReferenceComparer.Instance))
        {
            var options = RedactedInventory.Of(context.Options, names);
            redacted[context] = InventoryAssessment.Run(new RedactedInventory(names).Of(context.Inventory), options, cancel);
        }

        return [.. machines.Select(m => Merge(m, redacted[m.Context][m.Index]))];
    }

    private static MachineAssessment Merge(MachineAssessment original, MachineAssessment again) => again with
    {
        Verdict = original.Verdict,
        Risk = original.Risk,
        Wave = original.Wave,
        GrowthBytesPerDay = original.GrowthBytesPerDay,
        UnknownChecks = original.UnknownChecks,
        Concerns = [.. original.Concerns.Select(c => Concern(c, again))],
    };

    private static MigrationConcern Concern(MigrationConcern original, MachineAssessment again)
        => HoldsNoName(original.Id) ? original : again.Concerns.FirstOrDefault(c => c.Id == original.Id) ?? original with { Evidence = "(left out)" };

    /// <summary>Rules about names show counts and code points.</summary>
    private static bool HoldsNoName(string id) => id == "vmware.vm.name.invalid" || id.StartsWith("openstack.name.", StringComparison.Ordinal);

    private sealed class ReferenceComparer : IEqualityComparer<AssessmentContext>
    {
        public static readonly ReferenceComparer Instance = new();

        public bool Equals(AssessmentContext? x, AssessmentContext? y) => ReferenceEquals(x, y);

        public int GetHashCode(AssessmentContext obj) => System.Runtime.CompilerServices.RuntimeHelpers.GetHashCode(obj);
    }
}
