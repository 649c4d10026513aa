using OsMigrate.OpenStack;

namespace OsMigrate.Migrations.Features;

/// <summary>The features of vSphere and what becomes of them.</summary>
public static class FeatureMap
{
    private static readonly IReadOnlyList<FeatureDefinition> All =
    [
        .. MobilityFeatures.All, .. PlacementFeatures.All, .. AvailabilityFeatures.All, .. ResourceFeatures.All, .. NetworkFeatures.All, .. StorageFeatures.All, .. SecurityFeatures.All, .. ManagementFeatures.All,
    ];

    /// <summary>Short names of all features, with the counterpart of each.</summary>
    public static IReadOnlyList<(string Name, string Counterpart)> Names => [.. All.Select(static f => (f.Name, f.Counterpart))];

    /// <summary>Maps features, one after the other.</summary>
    /// <param name="isWanted">By name.</param>
    /// <param name="session">The cloud that is asked; null for none.</param>
    /// <param name="use">Machines and clusters; features that they do not use are not asked for. Null for all.</param>
    public static IEnumerable<FeatureMapping> Map(Func<string, bool> isWanted, CloudSession? session, SourceUse? use, CancellationToken cancel)
    {
        var cloud = session is null ? null : new CloudFacts(session, cancel);
        // Without a project no question has a meaning, and wrong credentials are one error, not thirty unknowns.
        session?.Authenticate(cancel);
        foreach (var feature in All.Where(f => isWanted(f.Name)))
        {
            cancel.ThrowIfCancellationRequested();
            yield return Map(feature, cloud, use);
        }
    }

    private static FeatureMapping Map(FeatureDefinition feature, CloudFacts? cloud, SourceUse? use)
    {
        IReadOnlyList<string> usedBy = use is not null && feature.UsedBy is { } find ? [.. find(use).Distinct(StringComparer.Ordinal)] : [];
        var finding = use is not null && feature.UsedBy is not null && usedBy.Count == 0 ? new Finding(FeatureStatus.NotNeeded, $"None of {use.Text} uses it")
            : feature.Check is null ? Finding.Missing("No release of OpenStack has it")
            : cloud is null ? Finding.Unknown("No cloud was asked")
            : feature.Check(cloud);
        return new FeatureMapping
        {
            Feature = feature.Name, Category = feature.Category, Status = finding.Status, Evidence = finding.Evidence, UsedBy = usedBy, Cloud = cloud?.Cloud,
            Counterpart = feature.Counterpart, Lost = feature.Lost, Advice = feature.Advice,
        };
    }
}
