namespace OsMigrate.Migrations.Sources;

/// <summary>What becomes of a machine of vSphere while it is copied.</summary>
public enum MigrationMode
{
    /// <summary>It is shut down first and stays off.</summary>
    Cold,

    /// <summary>It goes on; the copy is that of a snapshot, as after a power cut unless it was quiesced.</summary>
    Snapshot,

    /// <summary>It goes on while most is copied; it is shut down for what changed last.</summary>
    Warm,
}

/// <summary>How its disks are read.</summary>
public enum DiskTransport
{
    /// <summary>By a rule, which -Verbose explains.</summary>
    Auto,

    /// <summary>As compressed streams of an export lease.</summary>
    Lease,

    /// <summary>As ranges of the datastore's files, on several connections; compressed here.</summary>
    Range,
}

/// <summary>When a warm migration shuts its machine down.</summary>
/// <param name="IsManual">When the user says so, by Complete-Migration.</param>
/// <param name="At">At this time, UTC; null for as soon as little is left to copy.</param>
public sealed record CutoverTime(bool IsManual, DateTime? At)
{
    public static CutoverTime Now { get; } = new(false, null);

    [System.Text.Json.Serialization.JsonIgnore]
    public string Text => IsManual ? "when Complete-Migration says so" : At is { } time ? FormattableString.Invariant($"at {time:u}") : "when little is left to copy";
}

/// <summary>What the user wishes for a source in vSphere.</summary>
public sealed record VSphereSourceOptions
{
    public MigrationMode Mode { get; init; }

    public DiskTransport Transport { get; init; }

    /// <summary>How long the guest may take to shut down.</summary>
    public TimeSpan ShutdownLimit { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>Switch the machine off when its guest does not shut down.</summary>
    public bool Force { get; init; }

    /// <summary>Let VMware Tools bring file systems to rest for a snapshot.</summary>
    public bool Quiesce { get; init; }

    /// <summary>When a warm migration shuts the machine down.</summary>
    public CutoverTime Cutover { get; init; } = CutoverTime.Now;

    /// <summary>Pause between two rounds of a warm migration that waits for its cut-over.</summary>
    public TimeSpan SyncInterval { get; init; } = TimeSpan.FromMinutes(15);

    /// <summary>At the end of a warm migration read the whole disks once more and compare.</summary>
    public bool VerifySource { get; init; }

    /// <summary>Full path of a folder with room for the disks; null for the job's own.</summary>
    public string? WorkFolder { get; init; }

    /// <summary>Read what the guest's file systems call free too, where ranges would leave it out.</summary>
    public bool CopyFreeSpace { get; init; }

    /// <summary>Name of the source after the move, where {0} stands for its present one; null to leave it.</summary>
    public string? RenameTo { get; init; }

    /// <summary>Tag of the source after the move, "category/tag"; null for none.</summary>
    public string? TagWith { get; init; }

    /// <summary>Give the server the source's tags and custom attributes as metadata.</summary>
    public bool CopyTags { get; init; }
}

/// <summary>Where a job's machine is and how it is read: what a resumed job goes by. Holds no secret.</summary>
public sealed record VSphereOrigin
{
    /// <summary>Name of the server, as it was connected.</summary>
    public required string Server { get; init; }

    /// <summary>Identity of the server itself; empty on a host.</summary>
    public string ServerUuid { get; init; } = "";

    /// <summary>"vm-42"</summary>
    public required string MachineId { get; init; }

    public required string MachineName { get; init; }

    public required string InstanceUuid { get; init; }

    public required string DatacenterPath { get; init; }

    public MigrationMode Mode { get; init; }

    public DiskTransport Transport { get; init; }

    /// <summary>Why this transport.</summary>
    public string Reason { get; init; } = "";

    /// <summary>The rule chose it: another may be tried when it fails.</summary>
    public bool MayChange { get; init; }

    public TimeSpan ShutdownLimit { get; init; }

    public bool Force { get; init; }

    public bool Quiesce { get; init; }

    /// <summary>Read what the guest's file systems call free too.</summary>
    public bool CopyFreeSpace { get; init; }

    public CutoverTime Cutover { get; init; } = CutoverTime.Now;

    public TimeSpan SyncInterval { get; init; }

    public bool VerifySource { get; init; }

    /// <summary>Full path of a file whose coming asks for the cut-over.</summary>
    public string? CutoverFile { get; init; }

    /// <summary>Whether change tracking was on when the plan was made.</summary>
    public bool HadChangeTracking { get; init; }

    /// <summary>State when the plan was made: what a failed job goes back to.</summary>
    public string PowerState { get; init; } = "";

    /// <summary>Full path of the folder for disks on their way.</summary>
    public required string WorkFolder { get; init; }

    /// <summary>Name of the machine after the move; null to leave it.</summary>
    public string? RenameTo { get; init; }

    /// <summary>Tag of the machine after the move; null for none.</summary>
    public string? TagId { get; init; }

    /// <summary>"category/tag"</summary>
    public string? TagName { get; init; }

    /// <summary>Name of our snapshots.</summary>
    public required string SnapshotName { get; init; }

    /// <summary>What will be done to the source once the server is there, one sentence each.</summary>
    public IEnumerable<string> StepsAfterwards()
    {
        if (RenameTo is not null)
            yield return $"Rename '{MachineName}' on {Server} to '{RenameTo}'.";
        if (TagName is not null)
            yield return $"Tag '{MachineName}' on {Server} with '{TagName}'.";
    }

    /// <summary>What will be done to the source, one sentence each.</summary>
    public IEnumerable<string> Steps()
    {
        if (Mode == MigrationMode.Cold && PowerState == "poweredOn")
            yield return $"Shut down the guest of '{MachineName}' on {Server}, waiting up to {ShutdownLimit.TotalMinutes:0.#} minutes{(Force ? ", then switch it off" : "")}.";
        if (Mode == MigrationMode.Warm)
        {
            if (!HadChangeTracking)
                yield return $"Turn change tracking on for '{MachineName}'; it stays on.";
            yield return $"Copy the disks in rounds from snapshots '{SnapshotName}' into '{WorkFolder}', while '{MachineName}' goes on; {Cutover.Text}, shut it down and copy what changed last.";
            yield break;
        }

        if (Mode != MigrationMode.Cold)
            yield return $"Make {(Quiesce ? "a quiesced snapshot" : "a snapshot")} '{SnapshotName}' of '{MachineName}' on {Server}, and remove it afterwards.";
        yield return Transport == DiskTransport.Lease
            ? $"Fetch the disks by an export lease into '{WorkFolder}' ({Reason})."
            : $"Read the disks as ranges of the datastore's files into '{WorkFolder}' ({Reason}){(CopyFreeSpace ? "" : "; free space of file systems that were unmounted in order is left out")}.";
    }
}
