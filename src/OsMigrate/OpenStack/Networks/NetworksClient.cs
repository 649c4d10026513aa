using System.Text.Json.Nodes;
using OsMigrate.OpenStack.Services;

namespace OsMigrate.OpenStack.Networks;

/// <summary>What a new port shall be (Networking API v2.0, "Create port").</summary>
public sealed record PortRequest
{
    public required string Name { get; init; }

    public required string NetworkId { get; init; }

    /// <summary>Null for an address of Neutron's choice.</summary>
    public string? MacAddress { get; init; }

    /// <summary>Addresses; the subnet may be left to Neutron.</summary>
    public IReadOnlyList<string> Addresses { get; init; } = [];

    /// <summary>Ids; null for the project's default group, empty for none.</summary>
    public IReadOnlyList<string>? SecurityGroupIds { get; init; }

    public string? Description { get; init; }

    internal JsonObject ToJson()
    {
        var port = new JsonObject { ["name"] = Name, ["network_id"] = NetworkId };
        if (MacAddress is not null)
            port["mac_address"] = MacAddress;
        if (Addresses.Count > 0)
            port["fixed_ips"] = new JsonArray(Addresses.Select(a => (JsonNode)new JsonObject { ["ip_address"] = a }).ToArray());
        if (SecurityGroupIds is not null)
            port["security_groups"] = new JsonArray(SecurityGroupIds.Select(g => (JsonNode)g).ToArray());
        if (Description is not null)
            port["description"] = Description;
        return new JsonObject { ["port"] = port };
    }
}

/// <summary>Neutron: the Networking API v2.0.</summary>
public sealed class NetworksClient(CloudSession session)
{
    private readonly ServiceClient _neutron = session.Network;

    public IEnumerable<Network> List(CancellationToken cancel, string? name = null)
        => _neutron.List("networks?limit=200" + Named(name), "networks", cancel).Select(Network.Parse);

    public Network? Get(string id, CancellationToken cancel) => _neutron.TryGet("networks/" + Uri.EscapeDataString(id), "network", cancel) is { } body ? Network.Parse(body.NeededObject("network")) : null;

    public Network Find(string nameOrId, CancellationToken cancel)
        => Finder.One("network", nameOrId, id => Get(id, cancel), () => List(cancel, nameOrId), n => n.Id, session.Name);

    public IEnumerable<Subnet> Subnets(CancellationToken cancel, string? networkId = null)
        => _neutron.List("subnets?limit=200" + (networkId is null ? "" : "&network_id=" + Uri.EscapeDataString(networkId)), "subnets", cancel).Select(Subnet.Parse);

    public Subnet FindSubnet(string nameOrId, CancellationToken cancel) => Finder.One(
        "subnet",
        nameOrId,
        id => _neutron.TryGet("subnets/" + Uri.EscapeDataString(id), "subnet", cancel) is { } body ? Subnet.Parse(body.NeededObject("subnet")) : null,
        () => _neutron.List("subnets?limit=200" + Named(nameOrId), "subnets", cancel).Select(Subnet.Parse),
        s => s.Id,
        session.Name);

    public IEnumerable<Port> Ports(CancellationToken cancel, string? name = null, string? networkId = null, string? deviceId = null)
        => _neutron.List(
            "ports?limit=200" + Named(name) + (networkId is null ? "" : "&network_id=" + Uri.EscapeDataString(networkId)) + (deviceId is null ? "" : "&device_id=" + Uri.EscapeDataString(deviceId)),
            "ports",
            cancel).Select(Port.Parse);

    public Port? GetPort(string id, CancellationToken cancel) => _neutron.TryGet("ports/" + Uri.EscapeDataString(id), "port", cancel) is { } body ? Port.Parse(body.NeededObject("port")) : null;

    public Port FindPort(string nameOrId, CancellationToken cancel)
        => Finder.One("port", nameOrId, id => GetPort(id, cancel), () => Ports(cancel, nameOrId), p => p.Id, session.Name);

    /// <summary>Makes a port.</summary>
    /// <param name="mark">Goes into the description, so that a port is found after a lost answer; null to choose one.</param>
    public Port CreatePort(PortRequest request, CancellationToken cancel, string? mark = null)
    {
        var description = request.Description ?? $"OsMigrate request {mark ?? Guid.NewGuid().ToString("D")}";
        return Creation.Once(
            () => Port.Parse(_neutron.Create("ports", (request with { Description = description }).ToJson(), "port", cancel).NeededObject("port")),
            () => PortsDescribed(description, cancel).FirstOrDefault());
    }

    /// <summary>Ports with exactly this description.</summary>
    public IEnumerable<Port> PortsDescribed(string description, CancellationToken cancel)
        => _neutron.List($"ports?description={Uri.EscapeDataString(description)}", "ports", cancel).Select(Port.Parse);

    public bool DeletePort(string id, CancellationToken cancel) => _neutron.Delete("ports/" + Uri.EscapeDataString(id), cancel);

    public void AddPortTag(string id, string tag, CancellationToken cancel) => _neutron.Send("PUT", $"ports/{id}/tags/{Uri.EscapeDataString(tag)}", null, cancel);

    public IEnumerable<SecurityGroup> SecurityGroups(CancellationToken cancel, string? name = null)
        => _neutron.List("security-groups?limit=200" + Named(name), "security_groups", cancel).Select(Group);

    public SecurityGroup FindSecurityGroup(string nameOrId, CancellationToken cancel) => Finder.One(
        "security group",
        nameOrId,
        id => _neutron.TryGet("security-groups/" + Uri.EscapeDataString(id), "security group", cancel) is { } body ? Group(body.NeededObject("security_group")) : null,
        () => SecurityGroups(cancel, nameOrId),
        g => g.Id,
        session.Name);

    private static SecurityGroup Group(Json.JsonFields group)
        => new(group.Needed("id"), group.Text("name") ?? "", group.Text("description"), group.Objects("security_group_rules").Count);

    private static string Named(string? name) => name is null ? "" : "&name=" + Uri.EscapeDataString(name);
}
