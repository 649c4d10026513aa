using OsMigrate.OpenStack;
using OsMigrate.OpenStack.Compute;
using OsMigrate.OpenStack.Json;
using OsMigrate.OpenStack.Networks;
using OsMigrate.OpenStack.Services;
using OsMigrate.OpenStack.Volumes;

namespace OsMigrate.Migrations.Features;

/// <summary>A storage backend of Cinder.</summary>
/// <param name="Name">host@backend#pool.</param>
internal sealed record StoragePool(string Name, string? Backend);

/// <summary>What one cloud says of itself to one user. Each question is asked once, when a feature needs it.</summary>
internal sealed class CloudFacts
{
    private readonly CloudSession _session;
    private readonly CancellationToken _cancel;
    private readonly Dictionary<string, Answer<IReadOnlyList<string>>> _traits = new(StringComparer.Ordinal);
    private readonly Dictionary<string, Finding> _services = new(StringComparer.Ordinal);

    public CloudFacts(CloudSession session, CancellationToken cancel)
    {
        (_session, _cancel) = (session, cancel);
        var site = new ComputeSite(session);
        Hosts = Ask<IReadOnlyList<Hypervisor>>("Nova os-hypervisors", () => [.. site.Hypervisors(cancel)]);
        Aggregates = Ask<IReadOnlyList<HostAggregate>>("Nova os-aggregates", () => [.. site.Aggregates(cancel)]);
        Zones = Ask<IReadOnlyList<string>>("Nova os-availability-zone", () => [.. site.Zones(cancel).Where(static z => z.IsAvailable).Select(static z => z.Name)]);
        Flavors = Ask<IReadOnlyList<Flavor>>("Nova flavors", () => [.. new FlavorsClient(session).List(cancel)]);
        ServerGroups = Ask<IReadOnlyList<ServerGroup>>("Nova os-server-groups", () => [.. new ServerGroupsClient(session).List(cancel)]);
        Limits = Ask("Nova limits", () => session.Compute.Get("limits", "limits", cancel).NeededObject("limits").NeededObject("absolute"));
        VolumeLimits = Ask("Cinder limits", () => session.Volumes.Get("limits", "limits", cancel).NeededObject("limits").NeededObject("absolute"));
        VolumeTypes = Ask<IReadOnlyList<VolumeType>>("Cinder types", () => new VolumesClient(session).Types(cancel));
        EncryptedTypes = Ask<IReadOnlyList<string>>("Cinder types/ID/encryption", () => [.. VolumeTypes.Value.Where(IsEncrypted).Select(static t => t.Name)]);
        Pools = Ask<IReadOnlyList<StoragePool>>("Cinder scheduler-stats/get_pools", () => [.. session.Volumes.Get("scheduler-stats/get_pools?detail=true", "pools", cancel).Objects("pools")
            .Select(static p => new StoragePool(p.Text("name") ?? "", p.Object("capabilities")?.Text("volume_backend_name")))]);
        Extensions = Ask<IReadOnlyList<string>>("Neutron extensions", () => [.. session.Network.List("extensions", "extensions", cancel).Select(static e => e.Text("alias")).OfType<string>()]);
        Networks = Ask<IReadOnlyList<Network>>("Neutron networks", () => [.. new NetworksClient(session).List(cancel)]);
        Images = Ask("Glance images", () => session.Images.Get("images?limit=1", "images", cancel) is var images && images.Text("images") is not null ? images : throw JsonFields.Bad("images", "it lists none", null));
        ImportMethods = Ask<IReadOnlyList<string>>("Glance info/import", () => session.Images.Get("info/import", "import", cancel).Object("import-methods")?.Texts("value") ?? []);
        NovaVersion = Ask("Nova's versions", () => session.Root(ServiceKind.Compute, cancel).Newest ?? throw JsonFields.Bad("versions", "it names no microversion", null));
        CinderVersion = Ask("Cinder's versions", () => session.Root(ServiceKind.Volume, cancel).Newest ?? throw JsonFields.Bad("versions", "it names no microversion", null));
        PinnedCpuHosts = Ask<IReadOnlyList<string>>("Placement resource_providers", () => Providers("resources=PCPU:1"));
    }

    public string Cloud => _session.Name;

    public Answer<IReadOnlyList<Hypervisor>> Hosts { get; }

    public Answer<IReadOnlyList<HostAggregate>> Aggregates { get; }

    /// <summary>Names of the zones that are available.</summary>
    public Answer<IReadOnlyList<string>> Zones { get; }

    public Answer<IReadOnlyList<Flavor>> Flavors { get; }

    public Answer<IReadOnlyList<ServerGroup>> ServerGroups { get; }

    public Answer<JsonFields> Limits { get; }

    public Answer<JsonFields> VolumeLimits { get; }

    public Answer<IReadOnlyList<VolumeType>> VolumeTypes { get; }

    /// <summary>Names of volume types whose volumes are encrypted.</summary>
    public Answer<IReadOnlyList<string>> EncryptedTypes { get; }

    public Answer<IReadOnlyList<StoragePool>> Pools { get; }

    /// <summary>Aliases of Neutron's extensions.</summary>
    public Answer<IReadOnlyList<string>> Extensions { get; }

    public Answer<IReadOnlyList<Network>> Networks { get; }

    public Answer<JsonFields> Images { get; }

    public Answer<IReadOnlyList<string>> ImportMethods { get; }

    public Answer<Microversion> NovaVersion { get; }

    public Answer<Microversion> CinderVersion { get; }

    /// <summary>Hosts with CPUs that can be given to one server alone.</summary>
    public Answer<IReadOnlyList<string>> PinnedCpuHosts { get; }

    /// <summary>Hosts whose driver reports a trait (os-traits).</summary>
    public Answer<IReadOnlyList<string>> HostsWith(string trait)
    {
        if (!_traits.TryGetValue(trait, out var answer))
            _traits[trait] = answer = Ask("Placement resource_providers", () => Providers("required=" + trait));
        return answer;
    }

    /// <summary>A service that is not needed otherwise: whether the catalogue lists it, and whether something answers there.</summary>
    /// <param name="types">Its types, the official one first (service-types-authority).</param>
    public Finding Service(string name, params string[] types)
    {
        if (!_services.TryGetValue(name, out var finding))
            _services[name] = finding = Look(name, types);
        return finding;
    }

    private Finding Look(string name, string[] types)
    {
        var endpoint = _session.Token.Catalogue.Endpoints.FirstOrDefault(e => types.Contains(e.Type, StringComparer.Ordinal) && e.Interface == _session.Config.Interface);
        if (endpoint is null)
            return Finding.Missing($"{name}: the catalogue lists no {string.Join(" or ", types)}");
        var root = Ask($"{name} at {endpoint.Address.Host}", () => _session.Transport.Send(new Net.HttpCall("GET", endpoint.Address) { Headers = [new("Accept", "application/json")] }, _cancel).Status);
        return root.Then(status => status is < 400 or 401 or 403
            ? Finding.Available($"{name}: the catalogue lists {endpoint.Type}, and it answers ({status})")
            : Finding.Unknown($"{name}: the catalogue lists {endpoint.Type}, but it answers {status}"));
    }

    private IReadOnlyList<string> Providers(string query)
        => [.. _session.Placement.Get("resource_providers?" + query, "resource_providers", _cancel).Objects("resource_providers").Select(static p => p.Text("name") ?? "")];

    private bool IsEncrypted(VolumeType type)
        => _session.Volumes.Get($"types/{Uri.EscapeDataString(type.Id)}/encryption", "encryption", _cancel).Text("provider") is { Length: > 0 };

    private static Answer<T> Ask<T>(string question, Func<T> ask)
        where T : notnull => new(question, ask);
}
