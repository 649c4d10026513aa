namespace OsMigrate.Migrations.Assessment.Rules;

/// <summary>Every rule of an assessment.</summary>
internal static class AssessmentRules
{
    /// <summary>
    /// Stands for the rules of the category Critical that the kind of source can never answer: a workbook does not say what is encrypted.
    /// It is made by the assessment itself, not by a check.
    /// </summary>
    public static AssessmentRule Incomplete { get; } = new(
        "openstack.assessment.incomplete",
        ConcernCategory.Warning,
        "The source does not tell everything",
        "What the source does not tell could still forbid the move.",
        "Assess the machine live (Get-MigrationAssessment -Server), or look these points up in vSphere.",
        0,
        static _ => Finding.Clear);

    public static IReadOnlyList<AssessmentRule> All { get; } =
    [
        .. MachineRules.All, .. DiskRules.All, .. SnapshotRules.All, .. DeviceRules.All, .. NetworkRules.All, .. GuestRules.All, .. ToolsRules.All, .. PlacementRules.All, .. NameRules.All, .. CloudRules.All,
    ];
}
