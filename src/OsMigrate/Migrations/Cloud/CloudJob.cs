using OsMigrate.Bytes;
using OsMigrate.Migrations.Jobs;
using OsMigrate.Migrations.Preparation;
using OsMigrate.OpenStack;
using OsMigrate.VSphere.Sessions;

namespace OsMigrate.Migrations.Cloud;

/// <summary>Where a job stands.</summary>
public enum CloudJobState
{
    /// <summary>A process works on it now.</summary>
    Running,

    /// <summary>It ended in the middle: stopped, crashed, or the machine went down. It can be resumed or undone.</summary>
    Interrupted,

    /// <summary>It met an error. It can be resumed or undone.</summary>
    Failed,

    Done,

    /// <summary>What it had made was removed.</summary>
    Undone,
}

/// <summary>A job that moves a machine to a cloud and can be gone on with after anything.</summary>
public sealed class CloudJob
{
    private readonly JobStore _store;

    private CloudJob(JobStore store, CloudJobPlan plan, JobJournal journal, bool isBusy)
    {
        (_store, Plan) = (store, plan);
        var steps = new JobSteps(journal);
        CreatedAt = journal.Entries[0].Time;
        UpdatedAt = journal.Entries[journal.Entries.Count - 1].Time;
        State = StateOf(journal, isBusy);
        Error = journal.Entries.LastOrDefault(e => e.Kind == JobSteps.Failed) is { } failed && State is CloudJobState.Failed or CloudJobState.Undone ? (string?)failed.Data["error"] : null;
        Made = State == CloudJobState.Undone ? [] : CloudJobRun.MadeThings(plan, steps);
        LogPath = store.LogPath(plan.JobId);
    }

    public CloudJobPlan Plan { get; }

    public string Id => Plan.JobId;

    public CloudJobState State { get; }

    /// <summary>UTC.</summary>
    public DateTime CreatedAt { get; }

    public DateTime UpdatedAt { get; }

    /// <summary>Why it failed.</summary>
    public string? Error { get; }

    /// <summary>What it has made in the cloud and not taken away, as far as its journal knows.</summary>
    public IReadOnlyList<MadeThing> Made { get; }

    public string LogPath { get; }

    /// <summary>All jobs of a store; one whose record is damaged is reported and left out.</summary>
    public static IReadOnlyList<CloudJob> All(JobStore store, Action<string> warn)
    {
        var jobs = new List<CloudJob>();
        foreach (var id in store.Ids)
        {
            try
            {
                using var journal = store.Read(id, out var isBusy);
                // Killed before the plan was on the disk: then nothing was made either.
                if (journal.Entries.Count > 0)
                    jobs.Add(new CloudJob(store, PlanOf(journal), journal, isBusy));
            }
            catch (OsMigrateException e)
            {
                warn(e.Message);
            }
        }

        return jobs;
    }

    /// <exception cref="OsMigrateException"><see cref="ErrorIds.JobUnknown"/>, <see cref="ErrorIds.JobDamaged"/>.</exception>
    public static CloudJob Find(JobStore store, string id)
    {
        using var journal = store.Read(id, out var isBusy);
        return new CloudJob(store, PlanOf(journal), journal, isBusy);
    }

    /// <summary>Starts a planned job.</summary>
    /// <param name="keepOnFailure">Leave what was made when it fails; else it is removed again.</param>
    /// <param name="guestStep">Changes the guest, where the plan asks for it; null for the injection of drivers.</param>
    public static CloudJobResult Start(JobStore store, CloudSession session, CloudJobPlan plan, bool keepOnFailure, IJobWatcher watcher, CancellationToken cancel, IGuestStep? guestStep = null, Func<string, VSphereSession>? servers = null)
    {
        using var journal = store.Create(plan.JobId);
        journal.Append(JobSteps.Planned, plan.ToJson());
        return Run(store, session, plan, journal, keepOnFailure, watcher, guestStep ?? VirtioInjection.Instance, servers, cancel);
    }

    /// <summary>Goes on with a job that failed or was interrupted.</summary>
    public CloudJobResult Resume(CloudSession session, bool keepOnFailure, IJobWatcher watcher, CancellationToken cancel, IGuestStep? guestStep = null, Func<string, VSphereSession>? servers = null)
    {
        using var journal = _store.Open(Id);
        RequireState(journal, CloudJobState.Interrupted, CloudJobState.Failed);
        return Run(_store, session, Plan, journal, keepOnFailure, watcher, guestStep ?? VirtioInjection.Instance, servers, cancel);
    }

    /// <summary>Removes what the job made.</summary>
    public IReadOnlyList<MadeThing> Undo(CloudSession session, IJobWatcher watcher, CancellationToken cancel, Func<string, VSphereSession>? servers = null)
    {
        using var journal = _store.Open(Id);
        using var log = new JobLog(LogPath);
        return Logged(session, log, () => new CloudJobUndo(session, Plan, journal, log, watcher, servers, cancel).Run());
    }

    /// <summary>Asks a warm migration to shut its machine down and to finish. One that does not run now does so when it is resumed.</summary>
    /// <exception cref="OsMigrateException"><see cref="ErrorIds.JobState"/>: it is no warm migration, or over.</exception>
    public void AskForCutover()
    {
        if (Plan.Origin is not { Mode: Sources.MigrationMode.Warm, CutoverFile: { } file } || State is CloudJobState.Done or CloudJobState.Undone)
            throw new OsMigrateException(ErrorIds.JobState, ErrorKind.InvalidArgument, $"The job {Id} is no warm migration that waits for its cut-over.", Id);
        try
        {
            File.WriteAllText(file, "");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw FileErrors.Map(e, file, "create");
        }
    }

    /// <summary>Deletes the job's record.</summary>
    public void Remove() => _store.Remove(Id);

    private static CloudJobResult Run(JobStore store, CloudSession session, CloudJobPlan plan, JobJournal journal, bool keepOnFailure, IJobWatcher watcher, IGuestStep guestStep, Func<string, VSphereSession>? servers, CancellationToken cancel)
    {
        using var log = new JobLog(store.LogPath(plan.JobId));
        return Logged(session, log, () =>
        {
            try
            {
                return new CloudJobRun(session, plan, journal, log, watcher, guestStep, servers, cancel).Run();
            }
            catch (OperationCanceledException)
            {
                journal.Append(JobSteps.Interrupted);
                throw;
            }
            catch (Exception e)
            {
                throw Ended(session, plan, journal, log, keepOnFailure, watcher, servers, e);
            }
        });
    }

    /// <summary>Cleans up after a failure and says in the error what became of everything.</summary>
    private static OsMigrateException Ended(CloudSession session, CloudJobPlan plan, JobJournal journal, JobLog log, bool keep, IJobWatcher watcher, Func<string, VSphereSession>? servers, Exception fault)
    {
        journal.Append(JobSteps.Failed, new System.Text.Json.Nodes.JsonObject { ["error"] = fault.Message });
        log.Write("error", fault.Message);
        var what = keep ? Left(plan, journal) : Removed(session, plan, journal, log, watcher, servers);
        var known = fault as OsMigrateException;
        return new OsMigrateException(known?.ErrorId ?? ErrorIds.Unexpected, known?.Kind ?? ErrorKind.InvalidData, $"{fault.Message} {what}", plan.JobId, fault) { Advice = known?.Advice };
    }

    private static string Left(CloudJobPlan plan, JobJournal journal)
    {
        var left = CloudJobRun.MadeThings(plan, new JobSteps(journal));
        return $"Left in the cloud: {(left.Count == 0 ? "nothing" : string.Join(", ", left.Select(m => $"{m.Kind} '{m.Name}' ({m.Id})")))}. Go on with Resume-MigrationJob {plan.JobId}, or remove it with Undo-MigrationJob {plan.JobId}.";
    }

    private static string Removed(CloudSession session, CloudJobPlan plan, JobJournal journal, JobLog log, IJobWatcher watcher, Func<string, VSphereSession>? servers)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromMinutes(15));
        try
        {
            var removed = new CloudJobUndo(session, plan, journal, log, watcher, servers, limit.Token).Run();
            return removed.Count == 0 ? "Nothing was left in the cloud." : $"What had been made was removed again: {string.Join(", ", removed.Select(m => $"{m.Kind} '{m.Name}'"))}.";
        }
        catch (Exception e) when (e is OsMigrateException or OperationCanceledException)
        {
            log.Write("error", "Undo: " + e.Message);
            return $"It could not be cleaned up: {e.Message} {Left(plan, journal)}";
        }
    }

    private static T Logged<T>(CloudSession session, JobLog log, Func<T> work)
    {
        void Note(string text) => log.Write("request", text);
        session.Noted += Note;
        try
        {
            return work();
        }
        finally
        {
            session.Noted -= Note;
        }
    }

    private void RequireState(JobJournal journal, params CloudJobState[] allowed)
    {
        var state = StateOf(journal, isBusy: false);
        if (!allowed.Contains(state))
            throw new OsMigrateException(ErrorIds.JobState, ErrorKind.InvalidArgument, $"The job {Id} is {state.ToString().ToLowerInvariant()}; there is nothing to go on with.", Id);
    }

    private static CloudJobPlan PlanOf(JobJournal journal)
        => journal.Entries.Count > 0 && journal.Entries[0].Kind == JobSteps.Planned
            ? CloudJobPlan.FromJson(journal.Entries[0].Data, journal.Path)
            : throw new OsMigrateException(ErrorIds.JobDamaged, ErrorKind.InvalidData, $"The journal '{journal.Path}' has no plan: the job ended before it began, and made nothing.", journal.Path);

    private static CloudJobState StateOf(JobJournal journal, bool isBusy)
        => isBusy ? CloudJobState.Running : journal.Entries[journal.Entries.Count - 1].Kind switch
        {
            JobSteps.Finished => CloudJobState.Done,
            JobSteps.Undone => CloudJobState.Undone,
            JobSteps.Failed => CloudJobState.Failed,
            _ => CloudJobState.Interrupted,
        };
}
