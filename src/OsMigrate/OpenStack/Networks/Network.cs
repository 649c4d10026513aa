using OsMigrate.OpenStack.Json;

namespace OsMigrate.OpenStack.Networks;

/// <summary>A network in Neutron (Networking API v2.0).</summary>
public sealed record Network
{
    public required string Id { get; init; }

    public string Name { get; init; } = "";

    public string Status { get; init; } = "";

    public bool IsShared { get; init; }

    public bool IsExternal { get; init; }

    public bool PortSecurity { get; init; } = true;

    public string? ProjectId { get; init; }

    public long? Mtu { get; init; }

    public IReadOnlyList<string> SubnetIds { get; init; } = [];

    internal static Network Parse(JsonFields network) => new()
    {
        Id = network.Needed("id"),
        Name = network.Text("name") ?? "",
        Status = network.Text("status") ?? "",
        IsShared = network.Flag("shared") ?? false,
        IsExternal = network.Flag("router:external") ?? false,
        PortSecurity = network.Flag("port_security_enabled") ?? true,
        ProjectId = network.Text("project_id"),
        Mtu = network.Whole("mtu"),
        SubnetIds = network.Texts("subnets"),
    };
}

/// <summary>A range of addresses of a network.</summary>
public sealed record Subnet
{
    public required string Id { get; init; }

    public string Name { get; init; } = "";

    public string NetworkId { get; init; } = "";

    /// <summary>"10.22.0.0/24".</summary>
    public string Cidr { get; init; } = "";

    public int IpVersion { get; init; } = 4;

    public string? Gateway { get; init; }

    public bool HasDhcp { get; init; }

    public IReadOnlyList<string> DnsServers { get; init; } = [];

    internal static Subnet Parse(JsonFields subnet) => new()
    {
        Id = subnet.Needed("id"),
        Name = subnet.Text("name") ?? "",
        NetworkId = subnet.Text("network_id") ?? "",
        Cidr = subnet.Text("cidr") ?? "",
        IpVersion = (int)(subnet.Whole("ip_version") ?? 4),
        Gateway = subnet.Text("gateway_ip"),
        HasDhcp = subnet.Flag("enable_dhcp") ?? false,
        DnsServers = subnet.Texts("dns_nameservers"),
    };
}

/// <summary>An address of a port.</summary>
public sealed record FixedIp(string SubnetId, string Address);

/// <summary>A port: the place of one network adapter.</summary>
public sealed record Port
{
    public required string Id { get; init; }

    public string Name { get; init; } = "";

    public string NetworkId { get; init; } = "";

    public string Status { get; init; } = "";

    public string MacAddress { get; init; } = "";

    public IReadOnlyList<FixedIp> FixedIps { get; init; } = [];

    /// <summary>The addresses alone.</summary>
    public IReadOnlyList<string> IpAddresses => FixedIps.Select(i => i.Address).ToList();

    /// <summary>Server or other device that uses it; null when free.</summary>
    public string? DeviceId { get; init; }

    public IReadOnlyList<string> SecurityGroupIds { get; init; } = [];

    public IReadOnlyList<string> Tags { get; init; } = [];

    internal static Port Parse(JsonFields port) => new()
    {
        Id = port.Needed("id"),
        Name = port.Text("name") ?? "",
        NetworkId = port.Text("network_id") ?? "",
        Status = port.Text("status") ?? "",
        MacAddress = port.Text("mac_address") ?? "",
        FixedIps = port.Objects("fixed_ips").Select(i => new FixedIp(i.Text("subnet_id") ?? "", i.Text("ip_address") ?? "")).ToList(),
        DeviceId = port.Text("device_id") is { Length: > 0 } device ? device : null,
        SecurityGroupIds = port.Texts("security_groups"),
        Tags = port.Texts("tags"),
    };
}

/// <summary>A set of rules for ports.</summary>
public sealed record SecurityGroup(string Id, string Name, string? Description, int RuleCount);
