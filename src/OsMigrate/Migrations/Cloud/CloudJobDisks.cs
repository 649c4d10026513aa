using System.Text.Json;
using System.Text.Json.Nodes;
using OsMigrate.Bytes;
using OsMigrate.Machines;
using OsMigrate.Migrations.Jobs;
using OsMigrate.Migrations.Preparation;

namespace OsMigrate.Migrations.Cloud;

/// <summary>The disks of a job's machine as they are sent: with the guest changed, where the plan says so. It is changed when the first disk is asked for.</summary>
internal sealed class CloudJobDisks(CloudJobSource source, CloudJobPlan plan, JobSteps steps, JobLog log, IJobWatcher watcher, IGuestStep guestStep) : IDisposable
{
    private readonly Machine _machine = source.Machines.FirstOrDefault(m => m.Id == plan.MachineId) ?? source.Machines[0];
    private PreparedDisks? _prepared;

    /// <summary>What was changed in the guest, as the journal knows it; null when it stayed as it was.</summary>
    public static PreparedGuest? GuestOf(JobSteps steps) => steps.ResultOf(CloudJobSteps.Guest)?["guest"].Deserialize<PreparedGuest>();

    /// <summary>Opens a disk, once; the caller disposes it, before this.</summary>
    /// <exception cref="OsMigrateException">The source is damaged, the guest cannot be changed, or an earlier run of the job changed it otherwise.</exception>
    public OpenedDisk Open(CloudDisk disk, CancellationToken cancel)
    {
        if (plan.Preparation is null)
            return source.OpenDisk(_machine.Disks[disk.Index], cancel);
        _prepared ??= Prepare(plan.Preparation, cancel);
        return new OpenedDisk(_prepared.Take(disk.Index), null);
    }

    public ManifestWatch WatchManifest(CloudDisk disk, CancellationToken cancel)
        => ManifestWatch.Start(plan.Verify ? source.Appliance : null, _machine.Disks[disk.Index], cancel);

    public void Dispose() => _prepared?.Dispose();

    private PreparedDisks Prepare(GuestPreparationPlan preparation, CancellationToken cancel)
    {
        watcher.Waiting($"{plan.ServerName}: guest", preparation.Text);
        var prepared = PreparedDisks.Open(_machine.Disks.Select(source.OpenImage), _machine, preparation, guestStep, cancel);
        try
        {
            Note(prepared.Guest);
            return prepared;
        }
        catch
        {
            prepared.Dispose();
            throw;
        }
    }

    private void Note(PreparedGuest guest)
    {
        if (GuestOf(steps) is { } earlier)
        {
            // Disks of two different preparations do not belong together, and some may be in the cloud already.
            if (!earlier.EditDigests.SequenceEqual(guest.EditDigests, StringComparer.Ordinal))
                throw new OsMigrateException(ErrorIds.JobSourceChanged, ErrorKind.InvalidData, $"'{plan.Preparation!.MediumPath}' was changed since the job {plan.JobId} began, or this version of OsMigrate changes the guest otherwise.", plan.Preparation.MediumPath) { Advice = "Undo the job and start a new one." };
            return;
        }

        foreach (var warning in guest.Warnings)
            watcher.Warn($"{plan.ServerName}: {warning}");
        foreach (var change in guest.Changes)
            log.Write("info", change.ToString(), CloudJobSteps.Guest);
        steps.Complete(CloudJobSteps.Guest, new JsonObject { ["guest"] = JsonSerializer.SerializeToNode(guest) });
    }
}
