using System.Text.RegularExpressions;
using OsMigrate.OpenStack.Json;

namespace OsMigrate.OpenStack.Services;

/// <summary>One version that a service offers.</summary>
/// <param name="Id">v2.1, v3.14 ...</param>
/// <param name="Segment">Last segment of its address: v2.1, v3; from the id when no link says it.</param>
/// <param name="Newest">Newest microversion, or null when it has none.</param>
/// <param name="Oldest">Oldest microversion.</param>
internal sealed record OfferedVersion(string Id, string Segment, bool IsUsable, Microversion? Newest, Microversion? Oldest);

/// <summary>What a service says of its versions. Services use four shapes: one version, a list, a list in "values", a bare version.</summary>
/// <remarks>
/// API special interest group, "Version discovery". Of the links only the last segment is used: behind a proxy they often name hosts and
/// schemes that only work inside the cloud.
/// </remarks>
internal static class VersionDocument
{
    private static readonly Regex Segments = new(@"/v\d+(\.\d+)?(?=/|$)", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, TimeSpan.FromSeconds(1));

    public static IReadOnlyList<OfferedVersion> Parse(byte[] body)
    {
        var root = JsonFields.Parse(body, "versions");
        if (root.Object("version") is { } single)
            return [Version(single)];
        var list = root.Object("versions") is { } values ? values.Objects("values") : root.Objects("versions");
        if (list.Count > 0)
            return list.Where(v => v.Text("id") is not null).Select(Version).ToList();
        return root.Text("id") is null ? [] : [Version(root)];
    }

    private static OfferedVersion Version(JsonFields fields)
    {
        var id = fields.Needed("id");
        var link = fields.Objects("links").FirstOrDefault(l => l.Text("rel") == "self").Text("href");
        var segment = link is null ? null : Segments.Matches(link).Cast<Match>().LastOrDefault()?.Value.Trim('/');
        return new OfferedVersion(
            id,
            segment ?? id,
            fields.Text("status")?.ToUpperInvariant() is not ("EXPERIMENTAL" or "DEPRECATED"),
            Microversion.Parse(fields.Text("version") ?? fields.Text("max_version")),
            Microversion.Parse(fields.Text("min_version")));
    }
}
