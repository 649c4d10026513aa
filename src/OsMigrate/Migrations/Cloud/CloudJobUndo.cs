using OsMigrate.Bytes;
using OsMigrate.Migrations.Jobs;
using OsMigrate.Migrations.Sources;
using OsMigrate.OpenStack;
using OsMigrate.OpenStack.Compute;
using OsMigrate.OpenStack.Images;
using OsMigrate.OpenStack.Networks;
using OsMigrate.OpenStack.Volumes;
using OsMigrate.VSphere.Sessions;

namespace OsMigrate.Migrations.Cloud;

/// <summary>Removes exactly what a job made: found by the marks that it put on everything, so also what a lost answer or a crash hid from its journal.</summary>
internal sealed class CloudJobUndo(CloudSession session, CloudJobPlan plan, JobJournal journal, JobLog log, IJobWatcher watcher, Func<string, VSphereSession>? connected, CancellationToken cancel)
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(10);
    private static readonly TimeSpan OpenRequest = TimeSpan.FromSeconds(15);

    private readonly JobSteps _steps = new(journal);
    private readonly List<MadeThing> _removed = [];

    /// <returns>What was removed.</returns>
    public IReadOnlyList<MadeThing> Run()
    {
        AwaitOpenRequest();
        RemoveServers();
        RemovePorts();
        RemoveVolumes();
        RemoveImages();
        GiveSourceBack();
        journal.Append(JobSteps.Undone);
        return _removed;
    }

    /// <summary>A request that was under way when the job died may be carried out only now: what it makes must not come after we have looked.</summary>
    private void AwaitOpenRequest()
    {
        while (_steps.Open is { } open && DateTime.UtcNow - open.Since < OpenRequest && !IsThere(open.Step))
        {
            watcher.Waiting($"Undoing {plan.JobId}", $"Looking whether '{open.Step}' is still being made");
            cancel.WaitHandle.WaitOne(TimeSpan.FromMilliseconds(500));
            cancel.ThrowIfCancellationRequested();
        }
    }

    private bool IsThere(string step)
    {
        var mark = CloudJobSteps.Mark(plan, step);
        return plan.Disks.FirstOrDefault(d => CloudJobSteps.Volume(d) == step) is { } disk ? new VolumesClient(session).FindMarked(disk.Name, mark, cancel) is not null
            : step == CloudJobSteps.Server ? new ServersClient(session).FindMarked(plan.ServerName, mark, cancel) is not null
            : new NetworksClient(session).PortsDescribed("OsMigrate job " + mark, cancel).Any();
    }

    private void RemoveServers()
    {
        var servers = new ServersClient(session);
        foreach (var server in servers.List(cancel, plan.ServerName).Where(s => IsOurs(s.Metadata)).ToList())
        {
            Tell("server", server.Name, server.Id);
            servers.Delete(server.Id, cancel);
            servers.WaitForGone(server, Limit, cancel);
        }
    }

    private void RemovePorts()
    {
        var networks = new NetworksClient(session);
        foreach (var port in plan.Ports)
        {
            foreach (var made in networks.PortsDescribed("OsMigrate job " + CloudJobSteps.Mark(plan, CloudJobSteps.Port(port)), cancel).ToList())
            {
                Tell("port", made.Name, made.Id);
                networks.DeletePort(made.Id, cancel);
            }
        }
    }

    private void RemoveVolumes()
    {
        var volumes = new VolumesClient(session);
        foreach (var disk in plan.Disks.Where(d => d.ToVolume))
        {
            foreach (var volume in volumes.List(cancel, disk.Name).Where(v => IsOurs(v.Metadata)).ToList())
            {
                Tell("volume", volume.Name, volume.Id);
                // One that is still being made or let go cannot be deleted yet.
                var settled = Settled(volumes, volume);
                if (settled is not null && volumes.Delete(settled.Id, cancel))
                    volumes.WaitForGone(settled, Limit, cancel);
            }
        }
    }

    private Volume? Settled(VolumesClient volumes, Volume volume)
    {
        var end = DateTime.UtcNow + Limit;
        for (var now = volumes.Get(volume.Id, cancel); ; now = volumes.Get(volume.Id, cancel))
        {
            if (now is null || now.Status is "available" or "error" or "error_deleting" or "deleting" || DateTime.UtcNow > end)
                return now;
            cancel.WaitHandle.WaitOne(TimeSpan.FromMilliseconds(500));
            cancel.ThrowIfCancellationRequested();
        }
    }

    private void RemoveImages()
    {
        var images = new ImagesClient(session);
        foreach (var id in plan.Disks.SelectMany(_steps.ImageIdsOf).Distinct(StringComparer.Ordinal))
        {
            if (images.Get(id, cancel) is not { } image || !IsOurs(image.Properties))
                continue;
            Tell("image", image.Name, image.Id);
            images.Delete(image.Id, cancel);
        }
    }

    private void GiveSourceBack()
    {
        if (plan.Origin is not { } origin)
            return;
        var notes = new JournalNotes(_steps, log);
        // A source that was never touched needs no connection.
        if (origin.Mode == MigrationMode.Cold && new[] { SourceSteps.Power, SourceSteps.Snapshot, SourceSteps.Renamed, SourceSteps.Tagged }.All(step => notes.Get(step) is null))
        {
            SourceRelease.RemoveFiles(origin);
            return;
        }

        watcher.Waiting($"Undoing {plan.JobId}", $"Giving '{origin.MachineName}' back");
        new SourceRelease(VSphereJobSource.SessionOf(origin, connected), origin, notes, cancel).Undo();
    }

    /// <summary>Whatever has the right name but not the job's id is somebody else's.</summary>
    private bool IsOurs(IReadOnlyDictionary<string, string> metadata) => metadata.TryGetValue(CloudJobRun.JobKey, out var id) && id == plan.JobId;

    private void Tell(string kind, string name, string id)
    {
        watcher.Waiting($"Undoing {plan.JobId}", $"Removing the {kind} '{name}'");
        log.Write("info", $"Removing the {kind} '{name}' ({id}).");
        _removed.Add(new MadeThing(kind, name, id));
    }
}
