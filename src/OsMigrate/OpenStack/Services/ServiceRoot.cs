using OsMigrate.Bytes;
using OsMigrate.Net;

namespace OsMigrate.OpenStack.Services;

/// <summary>Where the wanted version of a service's API begins, and which microversions it speaks.</summary>
/// <param name="Address">Ends in a slash.</param>
/// <param name="Newest">Newest microversion; null when there are none or the service did not say.</param>
internal sealed record ServiceRoot(Uri Address, Microversion? Newest)
{
    /// <summary>Finds the root from what the catalogue says, which may or may not name a version and a project.</summary>
    /// <param name="ask">GETs an address.</param>
    public static ServiceRoot Discover(ServiceKind kind, Uri endpoint, Func<Uri, HttpReply> ask)
    {
        var path = endpoint.AbsolutePath.TrimEnd('/');
        var parts = path.Split('/');
        var at = Array.FindIndex(parts, IsVersion);
        var document = At(endpoint, at < 0 ? path : string.Join("/", parts.Take(at + 1)));
        var versions = Versions(ask(document));
        if (!kind.HasVersionInPath)
            return new ServiceRoot(At(endpoint, path), versions.Select(static v => v.Newest).FirstOrDefault(static v => v is not null));
        if (at >= 0)
        {
            // The catalogue chose; its document only tells the microversions.
            var named = versions.FirstOrDefault(v => v.Segment == parts[at]) ?? versions.FirstOrDefault(v => v.Id == parts[at]) ?? (versions.Count == 1 ? versions[0] : null);
            return parts[at].Substring(1, 1) == kind.Major ? new ServiceRoot(At(endpoint, path), named?.Newest) : throw NoVersion(kind, endpoint, parts[at]);
        }

        var usable = versions.Where(v => v.Id.StartsWith("v" + kind.Major, StringComparison.Ordinal)).ToList();
        var chosen = usable.FirstOrDefault(v => v.Segment == kind.Version) ?? usable.FirstOrDefault(v => v.IsUsable) ?? usable.FirstOrDefault();
        if (chosen is null && versions.Count > 0)
            throw NoVersion(kind, endpoint, string.Join(", ", versions.Select(v => v.Id)));
        // A service that hides its versions still has the usual path.
        return new ServiceRoot(At(endpoint, $"{path}/{chosen?.Segment ?? kind.Version}"), chosen?.Newest);
    }

    private static bool IsVersion(string part) => part.Length >= 2 && part[0] == 'v' && char.IsDigit(part[1]);

    private static Uri At(Uri endpoint, string path) => new UriBuilder(endpoint) { Path = path + "/", Query = "" }.Uri;

    private static IReadOnlyList<OfferedVersion> Versions(HttpReply reply)
    {
        if (!reply.IsSuccess && reply.Status != 300)
            return [];
        try
        {
            return VersionDocument.Parse(reply.Body);
        }
        catch (OsMigrateException)
        {
            // A proxy's page or the like: the usual path is tried.
            return [];
        }
    }

    private static OsMigrateException NoVersion(ServiceKind kind, Uri endpoint, string found)
        => new(ErrorIds.CloudNoService, ErrorKind.NotSupported, $"{kind.Name} at {endpoint.Host} offers {found}, but {kind.Version} is needed.", kind.Name);
}
