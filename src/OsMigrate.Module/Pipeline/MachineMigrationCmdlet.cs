using System.Management.Automation;
using OsMigrate.Bytes;
using OsMigrate.Disks.Copying;
using OsMigrate.Migrations.Sources;
using OsMigrate.Module.Parameters;
using OsMigrate.Module.VSphere;

namespace OsMigrate.Module.Pipeline;

/// <summary>A cmdlet that moves machines of files and of vSphere: what the user can wish for a source that is alive.</summary>
public abstract class MachineMigrationCmdlet : MigrationCmdlet
{
    private const string ByMachine = "VM";

    private readonly List<MachineTarget> _machines = [];

    [Parameter(Mandatory = true, ValueFromPipeline = true, ParameterSetName = ByMachine)]
    [Machine]
    [ArgumentCompleter(typeof(VSphereMachineCompleter))]
    public PSObject[] VM { get; set; } = [];

    [Parameter(ParameterSetName = ByMachine)]
    [ArgumentCompleter(typeof(VSphereServerCompleter))]
    [ValidateNotNullOrEmpty]
    public string? Server { get; set; }

    [Parameter(ParameterSetName = ByMachine)]
    public MigrationMode Mode { get; set; }

    [Parameter(ParameterSetName = ByMachine)]
    public DiskTransport Transport { get; set; }

    [Parameter(ParameterSetName = ByMachine)]
    [ValidateRange(1, 86_400)]
    public int ShutdownTimeoutSeconds { get; set; } = 600;

    [Parameter(ParameterSetName = ByMachine)]
    public SwitchParameter Quiesce { get; set; }

    [Parameter(ParameterSetName = ByMachine)]
    public SwitchParameter CopyFreeSpace { get; set; }

    [Parameter(ParameterSetName = ByMachine)]
    [Cutover]
    public string Cutover { get; set; } = "Now";

    [Parameter(ParameterSetName = ByMachine)]
    [ValidateRange(1, 1440)]
    public int SyncIntervalMinutes { get; set; } = 15;

    [Parameter(ParameterSetName = ByMachine)]
    public SwitchParameter VerifySource { get; set; }

    [Parameter(ParameterSetName = ByMachine)]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(FileCompleter))]
    public string? WorkPath { get; set; }

    [Parameter(ParameterSetName = ByMachine)]
    [ValidateRange(1, 64)]
    public int ThrottleLimit { get; set; } = 4;

    [Parameter(ParameterSetName = ByMachine)]
    [ValidateRange(1, 16)]
    public int HostLimit { get; set; } = 2;

    [Parameter(ParameterSetName = ByMachine)]
    [ValidateNotNullOrEmpty]
    public string? RenameSource { get; set; }

    [Parameter(ParameterSetName = ByMachine)]
    [ValidateNotNullOrEmpty]
    public string? TagSource { get; set; }

    [Parameter(ParameterSetName = ByMachine)]
    public SwitchParameter CopyTag { get; set; }

    [Parameter]
    public Compression Compression { get; set; }

    [Parameter]
    public SwitchParameter Force { get; set; }

    [Parameter]
    public SwitchParameter SkipVerify { get; set; }

    protected override void TakeRecord()
    {
        if (ParameterSetName != ByMachine)
        {
            base.TakeRecord();
            return;
        }

        // Objects of PowerCLI ask their server themselves, so they are read here and not in the background.
        foreach (var machine in VM)
            _machines.AddRange(Attempt<MachineTarget[]>(machine, () => [MachineTarget.Read(machine, Server, SessionState)], []));
    }

    protected override void TakeEnd()
    {
        if (_machines.Count > 0)
            Run(null, MoveMachines);
    }

    private void MoveMachines()
    {
        if (Mode != MigrationMode.Warm && (VerifySource || MyInvocation.BoundParameters.ContainsKey(nameof(Cutover)) || MyInvocation.BoundParameters.ContainsKey(nameof(SyncIntervalMinutes))))
            throw new OsMigrateException(ErrorIds.BadRequest, ErrorKind.InvalidArgument, "-Cutover, -SyncIntervalMinutes and -VerifySource have a meaning with -Mode Warm only.");
        if (Cloud is null)
            throw new OsMigrateException(ErrorIds.BadRequest, ErrorKind.InvalidArgument, "Machines of vSphere go to a -Cloud; Export-VSphereVM writes them to files.");
        var options = new VSphereSourceOptions
        {
            Mode = Mode,
            Transport = Transport,
            ShutdownLimit = TimeSpan.FromSeconds(ShutdownTimeoutSeconds),
            Force = Force,
            Quiesce = Quiesce,
            CopyFreeSpace = CopyFreeSpace,
            Cutover = CutoverAttribute.Parse(Cutover),
            SyncInterval = TimeSpan.FromMinutes(SyncIntervalMinutes),
            VerifySource = VerifySource,
            WorkFolder = WorkPath is null ? null : FilePaths.Literal(SessionState, WorkPath),
            RenameTo = RenameSource,
            TagWith = TagSource,
            CopyTags = CopyTag,
        };
        using var found = new FoundMachines(Tell);
        SideBySide(_machines, 1, static t => t.Name, t => found.Add(t, Cancel));
        if (found.All.Count > 1 && RenameSource is not null && RenameSource.IndexOf("{0}", StringComparison.Ordinal) < 0)
            throw new OsMigrateException(ErrorIds.BadRequest, ErrorKind.InvalidArgument, $"One -RenameSource does not do for {found.All.Count} machines.") { Advice = "Use {0} for the present name: -RenameSource '{0}-moved'." };
        foreach (var wave in Waves(found.All))
            Move(wave, options, new MachineLimits(ThrottleLimit, HostLimit), Compression, !SkipVerify);
    }
}
