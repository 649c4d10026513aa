using OsMigrate.OpenStack.Json;

namespace OsMigrate.OpenStack.Compute;

/// <summary>A move of a server between compute hosts (Compute API v2.1, "Migrations"). Only administrators are told.</summary>
public sealed record ServerMigration
{
    public required string Id { get; init; }

    /// <summary>migration (cold), live-migration, resize, evacuation.</summary>
    public string Kind { get; init; } = "";

    /// <summary>accepted, queued, preparing, running, post-migrating, finished, confirmed, completed, error, failed, cancelled ...</summary>
    public string Status { get; init; } = "";

    public string? SourceHost { get; init; }

    public string? DestinationHost { get; init; }

    public DateTime? CreatedAt { get; init; }

    public bool HasFailed => Status is "error" or "failed" or "cancelled";

    internal static ServerMigration Parse(JsonFields migration) => new()
    {
        Id = migration.Needed("id"),
        Kind = migration.Text("migration_type") ?? "",
        Status = migration.Text("status") ?? "",
        SourceHost = migration.Text("source_compute"),
        DestinationHost = migration.Text("dest_compute"),
        CreatedAt = migration.Time("created_at"),
    };
}
