using OsMigrate.Bytes;
using OsMigrate.OpenStack.Services;

namespace OsMigrate.OpenStack;

/// <summary>Makes something exactly once, even when answers get lost: after a lost answer it is looked up before it is made again.</summary>
internal static class Creation
{
    private const int Attempts = 3;

    /// <param name="create">Makes it.</param>
    /// <param name="find">Finds what an earlier attempt made, by an id or a mark that only this job uses; null when there is nothing.</param>
    public static T Once<T>(Func<T> create, Func<T?> find)
        where T : class
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                return create();
            }
            catch (OsMigrateException e) when (WasLost(e) && attempt < Attempts)
            {
                if (find() is { } made)
                    return made;
            }
            catch (CloudException e) when (e.Status == 409 && attempt > 1 && find() is { } made)
            {
                return made;
            }
        }
    }

    /// <summary>True when the request may have been carried out although no good answer came.</summary>
    private static bool WasLost(OsMigrateException e)
        => e.ErrorId is ErrorIds.NetInterrupted or ErrorIds.NetTimeout || e is CloudException { Status: 500 or 502 or 503 or 504 };
}
