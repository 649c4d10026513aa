using OsMigrate.Bytes;
using OsMigrate.OpenStack.Json;

namespace OsMigrate.OpenStack.Services;

/// <summary>One address of the catalogue.</summary>
public sealed record CatalogueEndpoint(string Type, string? ServiceName, string Interface, string? Region, Uri Address);

/// <summary>The services a token opens (Keystone API v3, "Catalog").</summary>
public sealed class Catalogue(IReadOnlyList<CatalogueEndpoint> endpoints)
{
    public IReadOnlyList<CatalogueEndpoint> Endpoints => endpoints;

    /// <summary>Names of the regions, each once.</summary>
    public IReadOnlyList<string> Regions => endpoints.Select(e => e.Region).OfType<string>().Distinct(StringComparer.Ordinal).ToList();

    internal static Catalogue Parse(IEnumerable<JsonFields> services)
    {
        var all = new List<CatalogueEndpoint>();
        foreach (var service in services)
        {
            foreach (var endpoint in service.Objects("endpoints"))
            {
                if (service.Text("type") is { } type && Uri.TryCreate(endpoint.Text("url"), UriKind.Absolute, out var address) && address.Scheme is "http" or "https")
                    all.Add(new CatalogueEndpoint(type, service.Text("name"), Interface(endpoint.Text("interface")), endpoint.Text("region_id") ?? endpoint.Text("region"), address));
            }
        }

        return new Catalogue(all);
    }

    /// <summary>The address of a service. Of several that fit the first counts, as with openstacksdk.</summary>
    /// <exception cref="OsMigrateException"><see cref="ErrorIds.CloudNoService"/>, naming what there is instead.</exception>
    public Uri Find(ServiceKind kind, string wantedInterface, string? region, string cloud)
    {
        foreach (var type in kind.Types)
        {
            var fitting = endpoints.FirstOrDefault(e => e.Type == type && e.Interface == wantedInterface && (region is null || e.Region == region));
            if (fitting is not null)
                return fitting.Address;
        }

        var others = endpoints.Where(e => kind.Types.Contains(e.Type)).ToList();
        var reason = others.Count == 0 ? $"its catalogue lists no service of the type {kind.Types[0]}"
            : others.All(e => e.Region != region) && region is not null ? $"its catalogue lists it in {string.Join(", ", others.Select(e => e.Region).Distinct())}, not in the region {region}"
            : $"its catalogue has no {wantedInterface} address for it, only {string.Join(", ", others.Select(e => e.Interface).Distinct())}";
        throw new OsMigrateException(ErrorIds.CloudNoService, ErrorKind.NotFound, $"The cloud '{cloud}' does not offer {kind.Name}: {reason}.", cloud);
    }

    private static string Interface(string? text)
        => text is null ? "public" : text.EndsWith("URL", StringComparison.Ordinal) ? text.Substring(0, text.Length - 3) : text;
}
