using System.Collections;
using System.Management.Automation;
using OsMigrate.Bytes;
using OsMigrate.Disks.Copying;
using OsMigrate.Machines;
using OsMigrate.Migrations.Cloud;
using OsMigrate.Migrations.Features;
using OsMigrate.Migrations.Jobs;
using OsMigrate.Migrations.Sources;
using OsMigrate.Module.Clouds;
using OsMigrate.Module.Output;
using OsMigrate.Module.Parameters;
using OsMigrate.Module.VSphere;
using OsMigrate.OpenStack;
using OsMigrate.VSphere.Inventory;
using OsMigrate.VSphere.Sessions;

namespace OsMigrate.Module.Pipeline;

/// <summary>A cmdlet that moves machines to a cloud: what the user can wish for a server, and the job that makes it.</summary>
public abstract class MigrationCmdlet : GuestCmdlet
{
    private string _location = "";
    private string? _userData;
    private JobStore _jobs = new(JobStore.DefaultFolder);
    private PlacementPlan _placement = new([]);

    /// <summary>Names of the parameters that only a move to a cloud has.</summary>
    private protected static string[] CloudParameters { get; }
        = [.. typeof(MigrationCmdlet).GetProperties(System.Reflection.BindingFlags.Public | System.Reflection.BindingFlags.Instance | System.Reflection.BindingFlags.DeclaredOnly).Select(p => p.Name)];

    [Parameter(ValueFromPipelineByPropertyName = true)]
    [ArgumentCompleter(typeof(CloudCompleter))]
    [ValidateNotNullOrEmpty]
    public string? Cloud { get; set; }

    [Parameter]
    public DiskTarget As { get; set; }

    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? ServerName { get; set; }

    [Parameter]
    [NameOrId]
    [ArgumentCompleter(typeof(FlavorCompleter))]
    public string? Flavor { get; set; }

    [Parameter]
    [NameOrId]
    [ArgumentCompleter(typeof(NetworkCompleter))]
    public string? Network { get; set; }

    [Parameter]
    public Hashtable? NetworkMap { get; set; }

    [Parameter]
    public SwitchParameter NewMacAddress { get; set; }

    [Parameter]
    public SwitchParameter KeepIPAddress { get; set; }

    [Parameter]
    public Hashtable? IPAddress { get; set; }

    [Parameter]
    [ArgumentCompleter(typeof(VolumeTypeCompleter))]
    public string? VolumeType { get; set; }

    [Parameter]
    public Hashtable? VolumeTypeMap { get; set; }

    [Parameter]
    [NameOrId]
    [ArgumentCompleter(typeof(SecurityGroupCompleter))]
    public string[] SecurityGroup { get; set; } = [];

    [Parameter]
    public string? KeyName { get; set; }

    [Parameter]
    public string? AvailabilityZone { get; set; }

    [Parameter]
    [NameOrId]
    [ArgumentCompleter(typeof(ServerGroupCompleter))]
    public string? ServerGroup { get; set; }

    [Parameter]
    [ValidateNotNull]
    [AllowEmptyCollection]
    public PSObject[] Placement { get; set; } = [];

    [Parameter]
    public Hashtable? Metadata { get; set; }

    [Parameter]
    [ArgumentCompleter(typeof(FileCompleter))]
    public string? UserData { get; set; }

    [Parameter]
    public Hashtable? Property { get; set; }

    [Parameter]
    public string[] Tag { get; set; } = [];

    [Parameter]
    [ValidateRange(1, long.MaxValue)]
    public long BandwidthLimit { get; set; }

    [Parameter]
    public SwitchParameter LeaveOff { get; set; }

    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? WaitForText { get; set; }

    [Parameter]
    [ValidateRange(1, 65535)]
    public int WaitForPort { get; set; }

    [Parameter]
    [ValidateRange(10, 86_400)]
    public int TimeoutSeconds { get; set; } = 1800;

    [Parameter]
    public SwitchParameter KeepOnFailure { get; set; }

    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? JobPath { get; set; }

    protected override void CheckParameters()
    {
        base.CheckParameters();
        _location = CloudSessions.Folder(SessionState);
        _placement = PlacementParts.Read(Placement);
        if (UserData is not null)
            _userData = FilePaths.Existing(SessionState, UserData);
        if (JobPath is not null)
            _jobs = new JobStore(FilePaths.Literal(SessionState, JobPath));
    }

    /// <summary>In the background: moves the machines of a file to the cloud.</summary>
    /// <param name="machineName">Only this one; null for all.</param>
    /// <param name="compression">How blocks are stored in the images.</param>
    /// <param name="verify">Expand and check what is handed on.</param>
    protected void Move(string path, string? machineName, Compression compression, bool verify) => CloudSessions.Use(Cloud, _location, Warn, Tell, session =>
    {
        var options = JobOptions() with { Compression = compression, Verify = verify };
        using var source = CloudJobSource.Open(path);
        var machines = source.Machines.Where(m => machineName is null || string.Equals(m.Name, machineName, StringComparison.OrdinalIgnoreCase)).ToList();
        if (machines.Count == 0)
            throw new OsMigrateException(ErrorIds.BadRequest, ErrorKind.NotFound, $"'{path}' has no machine named '{machineName}'.", path);
        if (machines.Count > 1 && ServerName is not null)
            throw new OsMigrateException(ErrorIds.BadRequest, ErrorKind.InvalidArgument, $"'{path}' has {machines.Count} machines; one -ServerName does not do for all.", path) { Advice = "Choose one with -MachineName." };
        foreach (var machine in machines)
            Move(session, source, machine, options, JobWatcher());
    });

    /// <summary>Machines in the order in which they are moved: one wave after the other, all together without an order.</summary>
    private protected IEnumerable<IReadOnlyList<(VSphereSession Server, VSphereMachine Machine)>> Waves(IReadOnlyList<(VSphereSession Server, VSphereMachine Machine)> machines)
    {
        if (machines.Count > 1 && ServerName is not null)
            return [machines];
        return machines.GroupBy(m => _placement.Of(m.Machine.Server, m.Machine.Id, m.Machine.Name).Wave ?? int.MaxValue).OrderBy(static w => w.Key).Select(static w => w.ToList());
    }

    /// <summary>In the background: moves machines of vSphere to the cloud, several at a time.</summary>
    private protected void Move(IReadOnlyList<(VSphereSession Server, VSphereMachine Machine)> machines, VSphereSourceOptions source, MachineLimits limits, Compression compression, bool verify)
        => CloudSessions.Use(Cloud, _location, Warn, Tell, session =>
        {
            if (machines.Count > 1 && ServerName is not null)
                throw new OsMigrateException(ErrorIds.BadRequest, ErrorKind.InvalidArgument, $"One -ServerName does not do for {machines.Count} machines.");
            var options = JobOptions() with { Compression = compression, Verify = verify };
            var hosts = new HostTurns(limits.PerHost);
            SideBySide(machines, limits.All, $"Moving {machines.Count} machines to {session.Name}", static m => m.Machine.Name, (m, watcher) =>
            {
                using var turn = hosts.Take(m.Machine.HostName, Cancel);
                var id = JobStore.NewId();
                using var opened = VSphereJobSource.Open(m.Server, m.Machine, source, id, System.IO.Path.Combine(_jobs.Folder, id), Cancel);
                Move(session, opened, opened.Machines[0], options, watcher, id);
            });
        });

    private void Move(CloudSession session, CloudJobSource source, Machine machine, CloudJobOptions options, IJobWatcher watcher, string? jobId = null)
    {
        _placement.RequireCloud(session.Name);
        var plan = new CloudJobPlanner(session, options.At(source.PlaceIn(_placement, machine)), Cancel).Plan(source, machine, jobId ?? JobStore.NewId());
        foreach (var warning in plan.Warnings)
            Warn($"{machine.Name}: {warning}");
        var changes = IsWhatIf ? source.PreviewGuest(plan, machine, Cancel) : [];
        if (!Confirm(string.Join(Environment.NewLine + "  ", plan.Steps.Concat(changes).Prepend($"Move '{machine.Name}' from '{source.Path}' to '{session.Name}' as the job {plan.JobId}:")), $"Move '{machine.Name}' to '{session.Name}'?"))
            return;
        Tell($"Job {plan.JobId}, recorded in '{_jobs.Folder}'.");
        Emit(CloudSessions.Marked(session, new MigratedServer(CloudJob.Start(_jobs, session, plan, KeepOnFailure, watcher, Cancel, servers: VSphereSessions.Get))));
    }

    private CloudJobOptions JobOptions() => new()
    {
        Target = As,
        VolumeType = VolumeType,
        VolumeTypes = Map(VolumeTypeMap),
        ServerName = ServerName,
        Flavor = Flavor,
        Network = Network,
        Networks = Map(NetworkMap),
        NewMacAddresses = NewMacAddress,
        KeepIPAddress = KeepIPAddress,
        IPAddresses = Map(IPAddress),
        SecurityGroups = SecurityGroup,
        KeyName = KeyName,
        AvailabilityZone = AvailabilityZone,
        ServerGroup = ServerGroup,
        Metadata = Texts.Of(Metadata),
        UserDataPath = _userData,
        Drivers = Drivers,
        Tags = Tag,
        Properties = Texts.Of(Property),
        BandwidthLimit = BandwidthLimit > 0 ? BandwidthLimit : null,
        LeaveOff = LeaveOff,
        WaitForText = WaitForText,
        WaitForPort = WaitForPort > 0 ? WaitForPort : null,
        Limit = TimeSpan.FromSeconds(TimeoutSeconds),
    };

    private static Dictionary<string, string> Map(Hashtable? table)
        => Texts.Of(table).ToDictionary(p => p.Key, p => p.Value, StringComparer.OrdinalIgnoreCase);
}
