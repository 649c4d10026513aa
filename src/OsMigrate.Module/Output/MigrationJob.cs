using OsMigrate.Migrations.Cloud;

namespace OsMigrate.Module.Output;

/// <summary>A migration job as its record has it.</summary>
public sealed class MigrationJob
{
    internal MigrationJob(CloudJob job, string folder) => (Job, JobPath) = (job, folder);

    public string Id => Job.Id;

    public CloudJobState State => Job.State;

    /// <summary>Name of the server.</summary>
    public string Server => Job.Plan.ServerName;

    /// <summary>Name of the cloud.</summary>
    public string Cloud => Job.Plan.Cloud;

    public string Source => Job.Plan.SourcePath;

    /// <summary>UTC.</summary>
    public DateTime CreatedAt => Job.CreatedAt;

    public DateTime UpdatedAt => Job.UpdatedAt;

    public string? Error => Job.Error;

    /// <summary>What it has made in the cloud.</summary>
    public IReadOnlyList<MadeThing> Made => Job.Made;

    /// <summary>Log, one JSON object a line.</summary>
    public string LogPath => Job.LogPath;

    /// <summary>Folder of the job records: what -JobPath takes.</summary>
    public string JobPath { get; }

    internal CloudJob Job { get; }
}
