using OsMigrate.VSphere.Inventory;

namespace OsMigrate.Migrations.Assessment;

/// <summary>One concern: how it is found, what it means, what to do about it.</summary>
/// <param name="Needs">What must be known for it; without, its result is "unknown" and never "no".</param>
/// <param name="Check">Looks at one machine.</param>
internal sealed record AssessmentRule(string Id, ConcernCategory Category, string Label, string Meaning, string Cure, InventoryFacts Needs, Func<RuleSubject, Finding> Check)
{
    /// <summary>Only asked when there is a cloud to ask about.</summary>
    public bool NeedsCloud { get; init; }

    public Finding Apply(RuleSubject subject)
    {
        if (!subject.Item.Knows(Needs))
            return Finding.Unknown;
        return Check(subject);
    }

    public MigrationConcern Concern(Finding finding) => new(Id, Category, Label, finding.Evidence, Meaning, Cure);
}

/// <summary>A rule for people: what an assessment looks for.</summary>
public sealed record AssessmentCheck(string Id, ConcernCategory Category, string Label, string Meaning, string Cure);
