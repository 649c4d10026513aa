using System.Diagnostics;
using OsMigrate.Bytes;

namespace OsMigrate.OpenStack;

/// <summary>Asks again and again until something has reached the state that is wanted.</summary>
internal static class Waiting
{
    /// <param name="look">Gets the thing's present state.</param>
    /// <param name="isDone">True when that is it; throws when it never will be.</param>
    /// <param name="what">For the error: "Server 'web01' to become ACTIVE".</param>
    /// <param name="limit">Longest time to wait.</param>
    public static T For<T>(Func<T> look, Func<T, bool> isDone, string what, TimeSpan limit, CancellationToken cancel)
    {
        var clock = Stopwatch.StartNew();
        for (var pause = TimeSpan.FromMilliseconds(250); ; pause = pause < TimeSpan.FromSeconds(3) ? pause + pause : pause)
        {
            var state = look();
            if (isDone(state))
                return state;
            if (clock.Elapsed > limit)
                throw new OsMigrateException(ErrorIds.CloudTimeout, ErrorKind.ResourceUnavailable, FormattableString.Invariant($"Waited {(limit.TotalMinutes < 3 ? $"{limit.TotalSeconds:0} seconds" : $"{limit.TotalMinutes:0.#} minutes")} in vain for {what}."));
            cancel.WaitHandle.WaitOne(pause);
            cancel.ThrowIfCancellationRequested();
        }
    }
}
