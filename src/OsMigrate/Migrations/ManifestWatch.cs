using OsMigrate.Appliances;
using OsMigrate.Machines;

namespace OsMigrate.Migrations;

/// <summary>Reads a disk's files against the appliance's manifest while they are being copied: the second reading comes from the system's cache.</summary>
internal sealed class ManifestWatch : IDisposable
{
    private readonly CancellationTokenSource _stop;
    private readonly Task? _work;

    private ManifestWatch(CancellationTokenSource stop, Task? work) => (_stop, _work) = (stop, work);

    /// <summary>True when there is a manifest to compare with.</summary>
    public bool Exists => _work is not null;

    /// <param name="appliance">Null when nothing is to be compared.</param>
    public static ManifestWatch Start(Appliance? appliance, MachineDisk disk, CancellationToken cancel)
    {
        var stop = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        if (appliance is not { HasManifest: true } || disk.FileName is null)
            return new ManifestWatch(stop, null);
        return new ManifestWatch(stop, Task.Factory.StartNew(
            () => appliance.VerifyFiles(disk, null, stop.Token), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default));
    }

    /// <summary>Waits for the end of the comparison.</summary>
    /// <exception cref="Bytes.OsMigrateException">A file is not what the manifest says.</exception>
    public void Await() => _work?.GetAwaiter().GetResult();

    public void Dispose()
    {
        _stop.Cancel();
        // A fault was thrown by Await already, or an earlier one made it meaningless; the thread must be gone before the files close.
        _work?.ContinueWith(static t => _ = t.Exception, CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default).Wait();
        _stop.Dispose();
    }
}
