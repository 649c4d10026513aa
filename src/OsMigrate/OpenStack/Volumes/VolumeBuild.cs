using OsMigrate.Bytes;

namespace OsMigrate.OpenStack.Volumes;

/// <summary>Makes a volume and waits until it is available; what fails is taken away again.</summary>
public sealed class VolumeBuild(CloudSession session)
{
    private static readonly TimeSpan CleanUpLimit = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan SecondLook = TimeSpan.FromSeconds(2);

    private readonly VolumesClient _volumes = new(session);

    /// <summary>Longest time to wait; null not to wait.</summary>
    public TimeSpan? Limit { get; init; }

    /// <summary>Lets servers boot from it, once it is there.</summary>
    public bool MakeBootable { get; init; }

    /// <summary>Leaves a volume that failed.</summary>
    public bool KeepOnFailure { get; init; }

    /// <summary>Told of every state that is seen.</summary>
    public Action<Volume>? Seen { get; init; }

    /// <exception cref="OsMigrateException">Cinder refused it, it went to error (with Cinder's reason), or it took too long.</exception>
    public Volume Run(VolumeRequest request, CancellationToken cancel)
    {
        var volume = Create(request, cancel);
        if (Limit is not { } limit)
            return volume;
        try
        {
            var made = _volumes.WaitForAvailable(volume, limit, cancel, Seen);
            if (!MakeBootable)
                return made;
            _volumes.SetBootable(made.Id, true, cancel);
            return _volumes.Get(made.Id, cancel) ?? made;
        }
        catch (OsMigrateException e)
        {
            throw new OsMigrateException(e.ErrorId, e.Kind, $"{e.Message} {(KeepOnFailure ? "It was kept." : TakeAway(volume))}", volume.Id, e) { Advice = e.Advice };
        }
        catch (OperationCanceledException) when (!KeepOnFailure)
        {
            TakeAway(volume);
            throw;
        }
    }

    /// <summary>Makes it; when the answer never comes, what was made nevertheless is found by its mark and taken away.</summary>
    private Volume Create(VolumeRequest request, CancellationToken cancel)
    {
        var mark = Guid.NewGuid().ToString("D");
        try
        {
            return _volumes.Create(request, cancel, mark);
        }
        catch (Exception e) when (e is OperationCanceledException or OsMigrateException { ErrorId: ErrorIds.NetInterrupted or ErrorIds.NetTimeout or ErrorIds.CloudUnavailable })
        {
            if (FindMade(request.Name, mark) is { } made)
                TakeAway(made);
            throw;
        }
    }

    private Volume? FindMade(string name, string mark)
    {
        using var cleanUp = new CancellationTokenSource(CleanUpLimit);
        try
        {
            if (_volumes.FindMarked(name, mark, cleanUp.Token) is { } made)
                return made;
            // The service may still be at work on a request whose sender has gone.
            cleanUp.Token.WaitHandle.WaitOne(SecondLook);
            return _volumes.FindMarked(name, mark, cleanUp.Token);
        }
        catch (Exception e) when (e is OsMigrateException or OperationCanceledException)
        {
            // The cloud does not answer: the first error says so already.
            return null;
        }
    }

    /// <returns>What to tell of that.</returns>
    private string TakeAway(Volume volume)
    {
        using var cleanUp = new CancellationTokenSource(CleanUpLimit);
        try
        {
            _volumes.Delete(volume.Id, cleanUp.Token);
            return "It was deleted.";
        }
        catch (Exception e) when (e is OsMigrateException or OperationCanceledException)
        {
            // The first error is the one that matters; this one only says what is left.
            return $"It could not be deleted ({e.Message.TrimEnd('.')}): remove it yourself.";
        }
    }
}
