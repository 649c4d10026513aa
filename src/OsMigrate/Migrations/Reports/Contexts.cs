using OsMigrate.Migrations.Assessment;

namespace OsMigrate.Migrations.Reports;

/// <summary>What machines of one or several assessments have in common, as far as it concerns them.</summary>
internal static class Contexts
{
    public static AssessmentContext Of(IReadOnlyList<MachineAssessment> machines)
    {
        var contexts = machines.Select(static m => m.Context).Distinct().ToList();
        // Machines may be only some of those that were assessed: what has nothing to do with them stays out.
        var (hosts, stores) = (Set(machines.Select(static m => m.Machine.HostName)), Set(machines.SelectMany(static m => m.Datastores)));
        var networks = Set(machines.SelectMany(static m => m.Networks));
        return contexts[0] with
        {
            Sources = [.. machines.Select(static m => m.Source).Distinct(StringComparer.Ordinal)],
            Cloud = string.Join(", ", contexts.Select(static c => c.Cloud).Where(static c => c.Length > 0).Distinct(StringComparer.Ordinal)),
            Hosts = [.. contexts.SelectMany(static c => c.Hosts).Distinct().Where(h => hosts.Contains(h.Name))],
            Datastores = [.. contexts.SelectMany(static c => c.Datastores).Distinct().Where(d => stores.Contains(d.Name))],
            Networks = [.. contexts.SelectMany(static c => c.Networks).Distinct().Where(n => networks.Contains(n.Name))],
            Notices = [.. contexts.SelectMany(static c => c.Notices).Distinct(StringComparer.Ordinal)],
        };
    }

    private static HashSet<string> Set(IEnumerable<string> names) => new(names, StringComparer.Ordinal);
}
