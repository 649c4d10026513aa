using System.Diagnostics;
using System.Text.Json;
using System.Text.Json.Nodes;
using OsMigrate.Bytes;
using OsMigrate.Machines;
using OsMigrate.Migrations.Jobs;
using OsMigrate.Migrations.Preparation;
using OsMigrate.OpenStack;
using OsMigrate.OpenStack.Compute;
using OsMigrate.OpenStack.Networks;
using OsMigrate.VSphere.Sessions;

namespace OsMigrate.Migrations.Cloud;

/// <summary>Does what a plan says, step by step; a step that is done already is passed over, and one that was begun is looked up before it is done.</summary>
internal sealed class CloudJobRun(CloudSession session, CloudJobPlan plan, JobJournal journal, JobLog log, IJobWatcher watcher, IGuestStep guestStep, Func<string, VSphereSession>? servers, CancellationToken cancel)
{
    /// <summary>Key that everything a job makes carries.</summary>
    public const string JobKey = "osmigrate_job_id";

    private readonly JobSteps _steps = new(journal);
    private readonly ServersClient _servers = new(session);
    private readonly Stopwatch _clock = Stopwatch.StartNew();
    private readonly StepMaker _maker = new(new JobSteps(journal), log, cancel);

    public CloudJobResult Run()
    {
        // First, since it is quick and most likely to be refused: an address that is taken, a network that is another project's.
        foreach (var port in plan.Ports)
            MakePort(port);
        MoveDisks();
        var server = MakeServer();
        var (booted, console) = new BootWatch(_servers, plan, watcher, cancel).Await(server);
        _steps.Complete(CloudJobSteps.Boot, new JsonObject { ["status"] = booted.Status });
        MarkSource();
        journal.Append(JobSteps.Finished);
        log.Write("info", $"The job is done: server {booted.Id} is {booted.Status}.");
        return Result(booted, console);
    }

    private void MoveDisks()
    {
        // Once every disk is up, the source is not needed any more, and may be gone.
        var isUp = plan.Disks.All(d => _steps.IsDone(CloudJobSteps.Image(d)));
        using var source = _steps.IsDone(CloudJobSteps.Server) || (isUp && plan.Origin is not null) ? null : CloudJobSource.Reopen(plan, servers, cancel);
        using var disks = source is null ? null : new CloudJobDisks(source, plan, _steps, log, watcher, guestStep);
        source?.Acquire(new JournalNotes(_steps, log), watcher, plan.Disks.Any(d => _steps.IsDone(CloudJobSteps.Image(d))), cancel);
        var transfer = new DiskTransfer(session, plan, _steps, log, watcher, cancel);
        foreach (var disk in plan.Disks)
        {
            transfer.Upload(disks, disk);
            transfer.ToVolume(disk);
        }

        if (plan.Origin is not null)
            Sources.SourceRelease.RemoveFiles(plan.Origin);
    }

    /// <summary>The server is there: what goes wrong with the name of its source is told, and undoes nothing.</summary>
    private void MarkSource()
    {
        if (plan.Origin is not { } origin || (origin.RenameTo is null && origin.TagId is null))
            return;
        try
        {
            new Sources.SourceMark(VSphereJobSource.SessionOf(origin, servers), origin, new JournalNotes(_steps, log), cancel).Set();
        }
        catch (OsMigrateException e)
        {
            log.Write("warning", e.Message);
            watcher.Warn($"{plan.ServerName}: the server is there, but '{origin.MachineName}' could not be marked in vSphere: {e.Message}");
        }
    }

    private void MakePort(CloudPort port)
    {
        var step = CloudJobSteps.Port(port);
        if (_steps.IsDone(step))
            return;
        watcher.Waiting($"{plan.ServerName}: network", $"Making the port '{port.Name}'");
        var networks = new NetworksClient(session);
        var mark = "OsMigrate job " + CloudJobSteps.Mark(plan, step);
        var made = _maker.Make(step, () => networks.PortsDescribed(mark, cancel), () => networks.CreatePort(
            new PortRequest
            {
                Name = port.Name,
                NetworkId = port.NetworkId,
                MacAddress = port.MacAddress,
                Addresses = port.Addresses,
                SecurityGroupIds = plan.SecurityGroupIds.Count > 0 ? plan.SecurityGroupIds : null,
                Description = mark,
            },
            cancel), extra => networks.DeletePort(extra.Id, cancel), p => p.Id);
        _steps.Complete(step, new JsonObject { ["kind"] = "port", ["id"] = made.Id, ["name"] = port.Name });
        log.Write("info", $"Port {made.Id} with {made.MacAddress} is there.", step);
    }

    private Server MakeServer()
    {
        const string Step = CloudJobSteps.Server;
        var mark = CloudJobSteps.Mark(plan, Step);
        if (_steps.ResultOf(Step) is { } known)
            return _servers.Get((string)known["id"]!, cancel) ?? throw new OsMigrateException(ErrorIds.JobState, ErrorKind.NotFound, $"The server of the job {plan.JobId} was deleted since.", plan.JobId) { Advice = "Undo the job and start a new one." };
        watcher.Waiting($"{plan.ServerName}: server", "Launching");
        using var turn = GroupTurns.Take(plan.ServerGroupId, cancel);
        var server = _servers.FindMarked(plan.ServerName, mark, cancel);
        if (server is { Status: "ERROR" })
        {
            _servers.Delete(server.Id, cancel);
            _servers.WaitForGone(server, plan.Limit, cancel);
            server = null;
        }

        server ??= _maker.Make(Step, () => _servers.Marked(plan.ServerName, mark, cancel), () => _servers.Create(Request(mark), cancel), extra => _servers.Delete(extra.Id, cancel), s => s.Id);
        log.Write("info", $"Server {server.Id} is being made.", Step);
        var active = _servers.WaitFor(server, ["ACTIVE", "SHUTOFF"], plan.Limit, cancel, s => watcher.Waiting($"{plan.ServerName}: server", s.TaskState is null ? s.Status : $"{s.Status}, {s.TaskState}"));
        _steps.Complete(Step, new JsonObject { ["kind"] = "server", ["id"] = active.Id, ["name"] = active.Name });
        return active;
    }

    private ServerRequest Request(string mark)
    {
        var boot = plan.Disks[0];
        var disks = plan.Disks.Select(d => d.ToVolume
            ? new BlockDevice("volume", Id(CloudJobSteps.Volume(d)), "volume", d.Index == 0 ? 0 : -1)
            : new BlockDevice("image", Id(CloudJobSteps.Image(d)), "local", 0) { DeleteOnTermination = true }).ToList();
        return new ServerRequest
        {
            Name = plan.ServerName,
            FlavorId = plan.FlavorId,
            ImageId = boot.ToVolume ? null : Id(CloudJobSteps.Image(boot)),
            // An image alone needs no list.
            Disks = disks.Count == 1 && !boot.ToVolume ? [] : disks,
            Networks = plan.Ports.Select(p => new ServerNetwork(Id(CloudJobSteps.Port(p)), null)).ToList(),
            KeyName = plan.KeyName,
            AvailabilityZone = plan.AvailabilityZone,
            ServerGroupId = plan.ServerGroupId,
            UserData = plan.UserDataPath is null ? null : ReadUserData(plan.UserDataPath),
            Metadata = new Dictionary<string, string>(plan.Metadata.ToDictionary(static m => m.Key, static m => m.Value), StringComparer.Ordinal) { [JobKey] = plan.JobId, [ServersClient.RequestMark] = mark },
            Tags = plan.Tags,
        };
    }

    private string Id(string step) => (string)(_steps.ResultOf(step) ?? throw new InvalidOperationException($"the step {step} is not done"))["id"]!;

    private static byte[] ReadUserData(string path)
    {
        try
        {
            return File.ReadAllBytes(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw FileErrors.Map(e, path, "read");
        }
    }

    private CloudJobResult Result(Server server, string? console) => new()
    {
        Plan = plan,
        Server = server,
        Disks = plan.Disks.Select(d => DiskTransfer.Read(_steps.ResultOf(CloudJobSteps.Image(d))!)).ToList(),
        Made = MadeThings(plan, _steps),
        Guest = CloudJobDisks.GuestOf(_steps),
        Console = console,
        Duration = _clock.Elapsed,
    };

    /// <summary>What a job has made and not taken away again, as far as its journal knows.</summary>
    internal static IReadOnlyList<MadeThing> MadeThings(CloudJobPlan plan, JobSteps steps)
    {
        var made = new List<MadeThing>();
        foreach (var step in plan.Disks.SelectMany(d => new[] { CloudJobSteps.Image(d), CloudJobSteps.Volume(d) }).Concat(plan.Ports.Select(CloudJobSteps.Port)).Append(CloudJobSteps.Server))
        {
            if (steps.ResultOf(step) is { } result && (bool?)result["gone"] is not true && result["id"] is { } id)
                made.Add(new MadeThing((string)result["kind"]!, (string)result["name"]!, (string)id!));
        }

        return made;
    }
}
