using OsMigrate.Bytes;
using OsMigrate.OpenStack;
using OsMigrate.OpenStack.Compute;
using OsMigrate.OpenStack.Quotas;

namespace OsMigrate.Migrations.Features;

/// <summary>Makes the server groups of conversions in a cloud; those that are there already are found again.</summary>
public sealed class ServerGroupMaker(CloudSession session, CancellationToken cancel)
{
    private readonly ServerGroupsClient _groups = new(session);

    /// <summary>Looks for groups that are there, and checks the quotas. Makes nothing.</summary>
    /// <exception cref="OsMigrateException">A group of the name has another policy, or there are several; a quota is not enough.</exception>
    public IReadOnlyList<ServerGroupConversion> Check(IReadOnlyList<ServerGroupConversion> planned)
    {
        var existing = _groups.List(cancel).ToLookup(static g => g.Name, StringComparer.Ordinal);
        var found = planned.Select(p => Find(p, existing)).ToList();
        var quotas = new QuotasClient(session);
        if (found.TrueForAll(static f => f.ServerGroup is null))
            return found;
        if (quotas.ComputeLimit("maxServerGroupMembers", cancel) is { } members && found.FirstOrDefault(f => f.ServerGroup is not null && f.MachineIds.Count > members) is { } large)
            throw Quota($"The rule '{large.Rule}' is about {large.MachineIds.Count} machines, and a server group of this project may have {members} members (quota server_group_members). Nothing was made.");
        var needed = found.Count(static f => f.Outcome == ConversionOutcome.Planned);
        if (quotas.Compute(cancel).FirstOrDefault(static q => q.Resource == "server groups")?.Free is { } free && needed > free)
            throw Quota($"{needed} server groups are needed, and the quota leaves {free} (quota server_groups). Nothing was made.");
        return found;
    }

    public ServerGroupConversion Make(ServerGroupConversion planned)
        => planned with { Outcome = ConversionOutcome.Made, ServerGroupId = _groups.Create(planned.ServerGroup!, planned.Policy!, null, cancel).Id, Cloud = session.Name };

    private ServerGroupConversion Find(ServerGroupConversion planned, ILookup<string, ServerGroup> existing)
    {
        if (planned.ServerGroup is not { } name)
            return planned with { Cloud = session.Name };
        var same = existing[name].ToList();
        if (same.FirstOrDefault(g => g.Policy != planned.Policy) is { } other)
        {
            throw new OsMigrateException(ErrorIds.CloudConflict, ErrorKind.AlreadyExists, $"The cloud '{session.Name}' has a server group '{name}' ({other.Id}) with the policy {other.Policy}, not {planned.Policy}. Nothing was made.", name)
            {
                Advice = "Remove it with Remove-NovaServerGroup, or convert the rule with or without -Strict, as it was made.",
            };
        }

        return same.Count switch
        {
            0 => planned with { Cloud = session.Name },
            1 => planned with { Outcome = ConversionOutcome.Found, ServerGroupId = same[0].Id, Cloud = session.Name },
            _ => throw new OsMigrateException(ErrorIds.CloudAmbiguous, ErrorKind.InvalidArgument, $"The cloud '{session.Name}' has {same.Count} server groups '{name}': {string.Join(", ", same.Select(static g => g.Id))}. Nothing was made.", name) { Advice = "Remove all but one." },
        };
    }

    private OsMigrateException Quota(string message) => new(ErrorIds.CloudQuota, ErrorKind.ResourceUnavailable, message, session.Name) { Advice = "Ask the operator for a larger quota, or split the rule." };
}
