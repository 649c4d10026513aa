using OsMigrate.Migrations.Jobs;

namespace OsMigrate.Migrations.Cloud;

/// <summary>Makes the one thing of a step, unless an earlier run of the job has made it already.</summary>
internal sealed class StepMaker(JobSteps steps, JobLog log, CancellationToken cancel)
{
    // A request that was under way when a run died may still be carried out after the next run has begun.
    private const int Looks = 15;

    /// <param name="find">All things that carry the step's mark.</param>
    /// <param name="create">Makes it.</param>
    /// <param name="remove">Removes one that is too many: made by a request that outlived its run longer than was waited for.</param>
    public T Make<T>(string step, Func<IEnumerable<T>> find, Func<T> create, Action<T> remove, Func<T, string> id)
        where T : class
    {
        if (!steps.WasBegun(step))
        {
            steps.Begin(step);
            return create();
        }

        for (var look = 0; look < Looks; look++)
        {
            if (find().FirstOrDefault() is { } left)
                return Only(step, left, find, remove, id);
            cancel.WaitHandle.WaitOne(TimeSpan.FromSeconds(1));
            cancel.ThrowIfCancellationRequested();
        }

        return Only(step, create(), find, remove, id);
    }

    private T Only<T>(string step, T kept, Func<IEnumerable<T>> find, Action<T> remove, Func<T, string> id)
    {
        foreach (var extra in find().Where(t => id(t) != id(kept)).ToList())
        {
            log.Write("warning", $"{id(extra)} was made by an earlier run too, and is removed.", step);
            remove(extra);
        }

        return kept;
    }
}
