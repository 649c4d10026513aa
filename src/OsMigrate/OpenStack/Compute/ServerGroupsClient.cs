using System.Text.Json.Nodes;
using OsMigrate.OpenStack.Json;
using OsMigrate.OpenStack.Services;

namespace OsMigrate.OpenStack.Compute;

/// <summary>Servers that shall run together or apart (Compute API v2.1, "Server groups").</summary>
public sealed record ServerGroup
{
    public required string Id { get; init; }

    public string Name { get; init; } = "";

    /// <summary>affinity, anti-affinity, soft-affinity or soft-anti-affinity.</summary>
    public string Policy { get; init; } = "";

    /// <summary>Only with anti-affinity; null where the cloud does not say.</summary>
    public long? MaxServersPerHost { get; init; }

    public IReadOnlyList<string> ServerIds { get; init; } = [];

    public int ServerCount => ServerIds.Count;

    public string? ProjectId { get; init; }

    /// <summary>Older services give a list of policies, of which there is one.</summary>
    internal static ServerGroup Parse(JsonFields group) => new()
    {
        Id = group.Needed("id"),
        Name = group.Text("name") ?? "",
        Policy = group.Text("policy") ?? string.Join(", ", group.Texts("policies")),
        MaxServersPerHost = group.Object("rules")?.Whole("max_server_per_host"),
        ServerIds = group.Texts("members"),
        ProjectId = group.Text("project_id"),
    };
}

/// <summary>Server groups in Nova.</summary>
public sealed class ServerGroupsClient(CloudSession session)
{
    private readonly ServiceClient _nova = session.Compute;

    /// <param name="allProjects">Of every project; for administrators.</param>
    public IEnumerable<ServerGroup> List(CancellationToken cancel, bool allProjects = false)
        => _nova.List("os-server-groups" + (allProjects ? "?all_projects=True" : ""), "server_groups", cancel).Select(ServerGroup.Parse);

    public ServerGroup? Get(string id, CancellationToken cancel)
        => _nova.TryGet("os-server-groups/" + Uri.EscapeDataString(id), "server group", cancel) is { } body ? ServerGroup.Parse(body.NeededObject("server_group")) : null;

    public ServerGroup Find(string nameOrId, CancellationToken cancel)
        => Finder.One("server group", nameOrId, id => Get(id, cancel), () => List(cancel).Where(g => g.Name == nameOrId), g => g.Id, session.Name);

    /// <param name="maxServersPerHost">How many servers may share a host with anti-affinity; null for one.</param>
    /// <exception cref="Bytes.OsMigrateException">The cloud is too old for the policy.</exception>
    public ServerGroup Create(string name, string policy, int? maxServersPerHost, CancellationToken cancel)
    {
        Microversion? least = maxServersPerHost is not null ? new Microversion(2, 64) : policy.StartsWith("soft-", StringComparison.Ordinal) ? new Microversion(2, 15) : null;
        var version = _nova.Best(_nova.Kind.Newest, cancel, least, $"The policy '{policy}'{(maxServersPerHost is null ? "" : " with a number of servers per host")}");
        var group = new JsonObject { ["name"] = name };
        if (version >= new Microversion(2, 64))
            group["policy"] = policy;
        else
            group["policies"] = new JsonArray(policy);
        if (maxServersPerHost is { } most)
            group["rules"] = new JsonObject { ["max_server_per_host"] = most };
        var before = new HashSet<string>(List(cancel).Select(g => g.Id), StringComparer.Ordinal);
        // Groups have no field for a mark: a new one of this name and policy is the one whose answer was lost.
        return Creation.Once(
            () => ServerGroup.Parse(_nova.Create("os-server-groups", new JsonObject { ["server_group"] = group.DeepClone() }, "server group", cancel, version).NeededObject("server_group")),
            () => List(cancel).FirstOrDefault(g => g.Name == name && g.Policy == policy && !before.Contains(g.Id)));
    }

    /// <returns>False when it was gone already.</returns>
    public bool Delete(string id, CancellationToken cancel) => _nova.Delete("os-server-groups/" + Uri.EscapeDataString(id), cancel);
}
