using OsMigrate.OpenStack;

namespace OsMigrate.Module.Clouds;

/// <summary>A connection to a cloud, for people and scripts; holds no secret.</summary>
public sealed class CloudConnection
{
    internal CloudConnection(CloudSession session)
    {
        var token = session.Token;
        Cloud = session.Name;
        AuthUrl = session.Config.AuthUrl;
        Region = session.Config.RegionName ?? string.Join(", ", token.Catalogue.Regions);
        User = token.UserName;
        Project = token.ProjectName;
        ProjectId = token.ProjectId;
        Roles = token.Roles;
        Services = token.Catalogue.Endpoints.Select(e => e.ServiceName ?? e.Type).Distinct(StringComparer.Ordinal).ToList();
        ExpiresAt = token.ExpiresAt;
        IsDefault = CloudSessions.DefaultName == session.Name;
        Origin = session.Config.Origin;
        IsVerified = session.Config.Tls.Verify;
    }

    /// <summary>Name of the cloud: what -Cloud takes.</summary>
    public string Cloud { get; }

    public Uri AuthUrl { get; }

    public string Region { get; }

    public string User { get; }

    public string? Project { get; }

    public string? ProjectId { get; }

    public IReadOnlyList<string> Roles { get; }

    public IReadOnlyList<string> Services { get; }

    /// <summary>UTC; a new token is asked for by itself where the credentials allow.</summary>
    public DateTime ExpiresAt { get; }

    public bool IsDefault { get; }

    /// <summary>Where the settings came from: a file, "environment" or "parameters".</summary>
    public string Origin { get; }

    /// <summary>False when the server's certificate is not verified.</summary>
    public bool IsVerified { get; }
}

/// <summary>A cloud that clouds.yaml or the environment describes.</summary>
public sealed record ConfiguredCloud(string Cloud, bool IsConnected, bool IsDefault, string? AuthUrl, string? Region, string? Problem);
