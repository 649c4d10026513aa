using OsMigrate.Bytes;
using OsMigrate.OpenStack.Json;
using OsMigrate.OpenStack.Services;

namespace OsMigrate.OpenStack.Identity;

/// <summary>A token and what it is good for (Keystone API v3, "Authentication and token management").</summary>
public sealed record Token
{
    public required Secret Id { get; init; }

    /// <summary>UTC.</summary>
    public DateTime ExpiresAt { get; init; }

    public string UserId { get; init; } = "";

    public string UserName { get; init; } = "";

    /// <summary>Null for a token that is not of a project.</summary>
    public string? ProjectId { get; init; }

    public string? ProjectName { get; init; }

    public IReadOnlyList<string> Roles { get; init; } = [];

    public Catalogue Catalogue { get; init; } = new([]);

    internal static Token Parse(string id, byte[] body)
    {
        var token = JsonFields.Parse(body, "token").NeededObject("token");
        var user = token.Object("user");
        var project = token.Object("project");
        return new Token
        {
            Id = new Secret(id),
            ExpiresAt = token.Time("expires_at") ?? throw JsonFields.Bad("token", "it does not say when it ends", null),
            UserId = user?.Text("id") ?? "",
            UserName = user?.Text("name") ?? "",
            ProjectId = project?.Text("id"),
            ProjectName = project?.Text("name"),
            Roles = token.Objects("roles").Select(r => r.Text("name")).OfType<string>().ToList(),
            Catalogue = Catalogue.Parse(token.Objects("catalog")),
        };
    }
}
