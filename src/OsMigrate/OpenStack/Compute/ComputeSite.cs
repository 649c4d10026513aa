using OsMigrate.OpenStack.Json;
using OsMigrate.OpenStack.Services;

namespace OsMigrate.OpenStack.Compute;

/// <summary>A part of the cloud that servers can be placed in.</summary>
public sealed record AvailabilityZone(string Name, bool IsAvailable);

/// <summary>A public key that new servers can be given.</summary>
/// <param name="Type">ssh or x509.</param>
public sealed record KeyPair(string Name, string Type, string Fingerprint, string? PublicKey);

/// <summary>A compute host (Compute API v2.1, "Hypervisors"). Only administrators are told.</summary>
public sealed record Hypervisor
{
    public required string Id { get; init; }

    /// <summary>The hypervisor's name of itself.</summary>
    public string Name { get; init; } = "";

    /// <summary>Nova's name of the host: what Move-NovaInstance takes.</summary>
    public string Host { get; init; } = "";

    public string Type { get; init; } = "";

    /// <summary>up or down.</summary>
    public string State { get; init; } = "";

    /// <summary>enabled or disabled.</summary>
    public string Status { get; init; } = "";

    public string? Address { get; init; }

    public long? CpuCount { get; init; }

    public long? CpusInUse { get; init; }

    public long? MemoryMiB { get; init; }

    public long? MemoryInUseMiB { get; init; }

    public long? DiskGiB { get; init; }

    public long? DiskInUseGiB { get; init; }

    public long? RunningServers { get; init; }

    /// <summary>Model of the host's CPU as libvirt names it: "EPYC-Milan"; null where the cloud does not say.</summary>
    public string? CpuModel { get; init; }

    internal static Hypervisor Parse(JsonFields hypervisor) => new()
    {
        Id = hypervisor.Needed("id"),
        Name = hypervisor.Text("hypervisor_hostname") ?? "",
        Host = hypervisor.Object("service")?.Text("host") ?? "",
        Type = hypervisor.Text("hypervisor_type") ?? "",
        State = hypervisor.Text("state") ?? "",
        Status = hypervisor.Text("status") ?? "",
        Address = hypervisor.Text("host_ip"),
        CpuCount = hypervisor.Whole("vcpus"),
        CpusInUse = hypervisor.Whole("vcpus_used"),
        MemoryMiB = hypervisor.Whole("memory_mb"),
        MemoryInUseMiB = hypervisor.Whole("memory_mb_used"),
        DiskGiB = hypervisor.Whole("local_gb"),
        DiskInUseGiB = hypervisor.Whole("local_gb_used"),
        RunningServers = hypervisor.Whole("running_vms"),
        CpuModel = hypervisor.Object("cpu_info")?.Text("model"),
    };
}

/// <summary>Hosts that belong together (Compute API v2.1, "Host aggregates"). Only administrators are told.</summary>
/// <param name="AvailabilityZone">The zone that its hosts make up; null when they make up none.</param>
public sealed record HostAggregate(string Name, string? AvailabilityZone, IReadOnlyList<string> Hosts, IReadOnlyDictionary<string, string> Metadata);

/// <summary>What a cloud offers servers: zones, hosts, key pairs.</summary>
public sealed class ComputeSite(CloudSession session)
{
    /// <summary>From 2.88 on Nova does not tell how full a host is.</summary>
    private static readonly Microversion WithUsage = new(2, 87);

    private readonly ServiceClient _nova = session.Compute;

    public IEnumerable<AvailabilityZone> Zones(CancellationToken cancel)
        => _nova.List("os-availability-zone", "availabilityZoneInfo", cancel)
            .Select(z => new AvailabilityZone(z.Text("zoneName") ?? "", z.Object("zoneState")?.Flag("available") ?? false));

    public IEnumerable<KeyPair> KeyPairs(CancellationToken cancel)
        => _nova.List("os-keypairs", "keypairs", cancel).Select(k => k.Object("keypair") ?? k)
            .Select(k => new KeyPair(k.Text("name") ?? "", k.Text("type") ?? "ssh", k.Text("fingerprint") ?? "", k.Text("public_key")));

    public IEnumerable<Hypervisor> Hypervisors(CancellationToken cancel)
        => _nova.List("os-hypervisors/detail", "hypervisors", cancel, _nova.Best(WithUsage, cancel)).Select(Hypervisor.Parse);

    public IEnumerable<HostAggregate> Aggregates(CancellationToken cancel)
        => _nova.List("os-aggregates", "aggregates", cancel).Select(a => new HostAggregate(a.Text("name") ?? "", a.Text("availability_zone"), a.Texts("hosts"), a.Map("metadata")));

    public AvailabilityZone FindZone(string name, CancellationToken cancel)
        => Finder.One("availability zone", name, _ => null, () => Zones(cancel).Where(z => z.Name == name), z => z.Name, session.Name);

    public KeyPair FindKeyPair(string name, CancellationToken cancel)
        => Finder.One("key pair", name, _ => null, () => KeyPairs(cancel).Where(k => k.Name == name), k => k.Name, session.Name);

    /// <summary>By host, by the hypervisor's own name, or by id.</summary>
    public Hypervisor FindHypervisor(string nameOrId, CancellationToken cancel)
        => Finder.One("compute host", nameOrId, _ => null, () => Hypervisors(cancel).Where(h => h.Host == nameOrId || h.Name == nameOrId || h.Id == nameOrId), h => h.Id, session.Name);
}
