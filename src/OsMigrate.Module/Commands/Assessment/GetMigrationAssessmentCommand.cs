using System.Management.Automation;
using OsMigrate.Migrations.Assessment;
using OsMigrate.Migrations.Jobs;
using OsMigrate.Module.Clouds;
using OsMigrate.Module.Parameters;
using OsMigrate.Module.Pipeline;
using OsMigrate.Module.VSphere;

namespace OsMigrate.Module.Commands.Assessment;

/// <summary>Tells of each machine whether it can be moved, what stands in the way, and how long it takes.</summary>
[Cmdlet(VerbsCommon.Get, "MigrationAssessment", DefaultParameterSetName = ByServer)]
[OutputType(typeof(MachineAssessment))]
public sealed class GetMigrationAssessmentCommand : AssessmentCmdlet
{
    private const string ByServer = "Server";
    private const string ByMachine = "VM";
    private const string ByPath = "Path";
    private const string ByLiteralPath = "LiteralPath";

    private readonly List<MachineTarget> _machines = [];
    private readonly List<string> _files = [];

    [Parameter(Mandatory = true, ValueFromPipeline = true, ParameterSetName = ByMachine)]
    [Machine]
    [ArgumentCompleter(typeof(VSphereMachineCompleter))]
    public PSObject[] VM { get; set; } = [];

    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true, ParameterSetName = ByPath)]
    [NotMachine]
    [ValidateNotNullOrEmpty]
    [SupportsWildcards]
    [ArgumentCompleter(typeof(FileCompleter))]
    public string[] Path { get; set; } = [];

    [Parameter(Mandatory = true, ValueFromPipelineByPropertyName = true, ParameterSetName = ByLiteralPath)]
    [Alias("PSPath", "FullName")]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(FileCompleter))]
    public string[] LiteralPath { get; set; } = [];

    [Parameter(ParameterSetName = ByServer)]
    [Parameter(ParameterSetName = ByMachine)]
    [ArgumentCompleter(typeof(VSphereServerCompleter))]
    [ValidateNotNullOrEmpty]
    public string? Server { get; set; }

    [Parameter]
    public SwitchParameter IncludeTemplate { get; set; }

    protected override void TakeRecord()
    {
        // Objects of PowerCLI ask their server themselves, so they are read here and not in the background.
        foreach (var machine in VM)
            _machines.AddRange(Attempt<MachineTarget[]>(machine, () => [MachineTarget.Read(machine, Server, SessionState)], []));
        foreach (var path in Path)
            _files.AddRange(Attempt(path, () => FilePaths.Expand(SessionState, path), []));
        foreach (var path in LiteralPath)
            _files.AddRange(Attempt<string[]>(path, () => [FilePaths.Existing(SessionState, path)], []));
    }

    protected override void TakeEnd()
    {
        var jobs = new JobStore(JobPath is null ? JobStore.DefaultFolder : FilePaths.Literal(SessionState, JobPath));
        var folder = CloudSessions.Folder(SessionState);
        Run(null, () =>
        {
            var inventory = new AssessedInventory(Tell, (activity, state) => ReportProgress(activity, state), Cancel);
            if (ParameterSetName == ByServer)
                inventory.AddServer(Server);
            else if (ParameterSetName == ByMachine)
                inventory.AddMachines(find => SideBySide(_machines, 1, static t => t.Name, find));
            else
                SideBySide(InventoryFiles.Group([.. _files.Distinct(StringComparer.Ordinal)]), 1, static f => f.Name, f => inventory.AddFile(f.Name, f.Read));
            foreach (var notice in inventory.All.Notices)
                Warn(notice);
            CloudOffer? offer = null;
            if (Cloud is not null)
                CloudSessions.Use(Cloud, folder, Warn, Tell, session => offer = CloudOffer.Read(session, Cancel));
            var wanted = inventory.All with { Machines = [.. inventory.All.Machines.Where(m => IncludeTemplate || !m.Machine.IsTemplate)] };
            foreach (var machine in InventoryAssessment.Run(wanted, Options(jobs, offer), Cancel))
                Emit(machine);
        });
    }
}
