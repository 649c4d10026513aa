using System.Globalization;
using OsMigrate.VSphere.Inventory;

namespace OsMigrate.Migrations.Features;

/// <summary>Decides which server groups stand for the rules of clusters. Asks nobody, makes nothing.</summary>
/// <remarks>Compute API v2.1, "Server groups": a server is in one group at most, from its making on.</remarks>
/// <param name="strict">Rules that are no must become a must too.</param>
/// <param name="includeDisabled">Rules that are switched off are carried over too.</param>
public sealed class ServerGroupPlanner(bool strict, bool includeDisabled)
{
    private const int MaxName = 255;

    /// <summary>One conversion for each rule between machines, in the rules' order. Where a machine is in several, musts come first, then what keeps apart.</summary>
    public IReadOnlyList<ServerGroupConversion> Plan(IEnumerable<PlacementFacts> clusters)
    {
        var names = new HashSet<string>(StringComparer.Ordinal);
        return [.. clusters.SelectMany(c => Plan(c, names))];
    }

    private IEnumerable<ServerGroupConversion> Plan(PlacementFacts facts, HashSet<string> names)
    {
        var rules = facts.Rules.Where(static r => r.Kind is ClusterRuleKind.Affinity or ClusterRuleKind.AntiAffinity).ToList();
        var taken = new Dictionary<string, string>(StringComparer.Ordinal);
        var done = new Dictionary<PlacementRule, ServerGroupConversion>();
        foreach (var rule in rules.OrderBy(static r => !r.IsMandatory).ThenBy(static r => r.Kind == ClusterRuleKind.Affinity))
            done[rule] = Convert(facts, rule, taken, names);
        return rules.Select(r => done[r]);
    }

    private ServerGroupConversion Convert(PlacementFacts facts, PlacementRule rule, Dictionary<string, string> taken, HashSet<string> names)
    {
        var conversion = new ServerGroupConversion(facts.Server, facts.Cluster, rule.Name, rule.Kind);
        if (!rule.IsEnabled && !includeDisabled)
            return conversion.Skip("The rule is switched off; server groups cannot be.");
        var named = facts.Machines.ToDictionary(static m => m.Id, static m => m.Name, StringComparer.Ordinal);
        var members = rule.MachineIds.Select((id, i) => (Id: id, Name: named.TryGetValue(id, out var name) ? name : i < rule.MachineNames.Count && rule.MachineNames.Count == rule.MachineIds.Count ? rule.MachineNames[i] : id)).ToList();
        var free = members.Where(m => !taken.ContainsKey(m.Id)).ToList();
        conversion = conversion with { Lost = [.. Losses(rule), .. members.Except(free).Select(m => $"'{m.Name}' is in the group of '{taken[m.Id]}' already: a server can be in one group only.")] };
        if (free.Count < 2)
            return conversion.Skip(members.Count < 2 ? "It is about fewer than two machines." : "Fewer than two machines are left for it.");
        foreach (var member in free)
            taken[member.Id] = rule.Name;
        var policy = rule.Kind == ClusterRuleKind.Affinity ? "affinity" : "anti-affinity";
        return conversion with
        {
            ServerGroup = Name(facts.Cluster, rule.Name, names),
            Policy = rule.IsMandatory || strict ? policy : "soft-" + policy,
            Machines = [.. free.Select(static m => m.Name)],
            MachineIds = [.. free.Select(static m => m.Id)],
        };
    }

    private IEnumerable<string> Losses(PlacementRule rule)
    {
        yield return "The scheduler keeps to it when servers are made and moved; nothing is put right afterwards, as DRS does.";
        if (!rule.IsEnabled)
            yield return "The rule was switched off; the group is not.";
        if ((rule.IsMandatory || strict) && rule.Kind == ClusterRuleKind.Affinity)
            yield return "No member can be moved live by itself: it would leave the others' host.";
    }

    /// <summary>"cluster.rule", the same in every run; a second of the same name gets a number.</summary>
    private static string Name(string cluster, string rule, HashSet<string> names)
    {
        var text = new string($"{cluster}.{rule}".Select(static c => IsPrintable(c) ? c : '_').ToArray()).Trim();
        var name = Cut(text, MaxName);
        for (var n = 2; !names.Add(name); n++)
        {
            var mark = FormattableString.Invariant($"-{n}");
            name = Cut(text, MaxName - mark.Length) + mark;
        }

        return name;
    }

    private static string Cut(string text, int length) => text.Length <= length ? text : text.Substring(0, length).TrimEnd();

    /// <summary>What Nova takes in names (parameter_types.name): no control, format or separator characters; and none beyond the basic plane, which its database does not take.</summary>
    private static bool IsPrintable(char c) => char.GetUnicodeCategory(c) is not (UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.Surrogate or UnicodeCategory.PrivateUse
        or UnicodeCategory.OtherNotAssigned or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator);
}
