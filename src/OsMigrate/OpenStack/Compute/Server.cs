using OsMigrate.OpenStack.Json;

namespace OsMigrate.OpenStack.Compute;

/// <summary>An address of a server.</summary>
/// <param name="Type">fixed or floating.</param>
public sealed record ServerAddress(string Network, string Address, string? MacAddress, string Type);

/// <summary>A server in Nova (Compute API v2.1, "Show server details").</summary>
public sealed record Server
{
    public required string Id { get; init; }

    public string Name { get; init; } = "";

    public string? Description { get; init; }

    /// <summary>BUILD, ACTIVE, SHUTOFF, ERROR ...</summary>
    public string Status { get; init; } = "";

    /// <summary>What Nova is doing with it now; null when nothing.</summary>
    public string? TaskState { get; init; }

    /// <summary>State and what is going on, for a progress bar: "BUILD, spawning".</summary>
    public string Progress => TaskState is null ? Status : $"{Status}, {TaskState}";

    /// <summary>Running, Shutdown, Paused, Suspended, Crashed, or NoState.</summary>
    public string PowerState { get; init; } = "";

    public string? ProjectId { get; init; }

    public string? AvailabilityZone { get; init; }

    /// <summary>Compute host; only administrators are told.</summary>
    public string? Host { get; init; }

    public string? HypervisorHostName { get; init; }

    public string? FlavorName { get; init; }

    public int? CpuCount { get; init; }

    public long? MemoryMiB { get; init; }

    /// <summary>Null for a server that boots from a volume.</summary>
    public string? ImageId { get; init; }

    public string? KeyName { get; init; }

    public IReadOnlyList<ServerAddress> Addresses { get; init; } = [];

    /// <summary>The addresses alone.</summary>
    public IReadOnlyList<string> IpAddresses => Addresses.Select(a => a.Address).ToList();

    public IReadOnlyList<string> VolumeIds { get; init; } = [];

    public IReadOnlyList<string> SecurityGroups { get; init; } = [];

    public IReadOnlyList<string> ServerGroupIds { get; init; } = [];

    public IReadOnlyList<string> Tags { get; init; } = [];

    public IReadOnlyDictionary<string, string> Metadata { get; init; } = new Dictionary<string, string>(StringComparer.Ordinal);

    public DateTime? CreatedAt { get; init; }

    public DateTime? UpdatedAt { get; init; }

    /// <summary>Why it is in ERROR, in Nova's words.</summary>
    public string? Fault { get; init; }

    internal static Server Parse(JsonFields server)
    {
        var flavor = server.Object("flavor");
        return new Server
        {
            Id = server.Needed("id"),
            Name = server.Text("name") ?? "",
            Description = server.Text("description"),
            Status = server.Text("status") ?? "",
            TaskState = server.Text("OS-EXT-STS:task_state"),
            PowerState = Power(server.Whole("OS-EXT-STS:power_state")),
            ProjectId = server.Text("tenant_id"),
            AvailabilityZone = server.Text("OS-EXT-AZ:availability_zone") is { Length: > 0 } zone ? zone : null,
            Host = server.Text("OS-EXT-SRV-ATTR:host"),
            HypervisorHostName = server.Text("OS-EXT-SRV-ATTR:hypervisor_hostname"),
            FlavorName = flavor?.Text("original_name") ?? flavor?.Text("id"),
            CpuCount = (int?)flavor?.Whole("vcpus"),
            MemoryMiB = flavor?.Whole("ram"),
            ImageId = server.Object("image")?.Text("id"),
            KeyName = server.Text("key_name"),
            Addresses = ReadAddresses(server),
            VolumeIds = server.Objects("os-extended-volumes:volumes_attached").Select(v => v.Text("id")).OfType<string>().ToList(),
            SecurityGroups = server.Objects("security_groups").Select(g => g.Text("name")).OfType<string>().Distinct().ToList(),
            ServerGroupIds = server.Texts("server_groups"),
            Tags = server.Texts("tags"),
            Metadata = server.Map("metadata"),
            CreatedAt = server.Time("created"),
            UpdatedAt = server.Time("updated"),
            Fault = server.Object("fault")?.Text("message"),
        };
    }

    private static List<ServerAddress> ReadAddresses(JsonFields server)
    {
        if (server.Object("addresses") is not { } networks)
            return [];
        return (from network in networks.All
                from address in networks.Objects(network.Key)
                let text = address.Text("addr")
                where text is not null
                select new ServerAddress(network.Key, text, address.Text("OS-EXT-IPS-MAC:mac_addr"), address.Text("OS-EXT-IPS:type") ?? "fixed")).ToList();
    }

    private static string Power(long? state) => state switch { 1 => "Running", 3 => "Paused", 4 => "Shutdown", 6 => "Crashed", 7 => "Suspended", _ => "NoState" };
}
