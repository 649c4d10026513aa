using System.Diagnostics;
using System.Management.Automation;
using OsMigrate.Bytes;
using OsMigrate.Disks;
using OsMigrate.Migrations.Cloud;
using OsMigrate.Migrations.Sources;
using OsMigrate.Module.Output;
using OsMigrate.Module.Parameters;
using OsMigrate.Module.Pipeline;
using OsMigrate.Module.VSphere;
using OsMigrate.VSphere.Inventory;
using OsMigrate.VSphere.Sessions;

namespace OsMigrate.Module.Commands.VSphere;

/// <summary>Writes machines of vSphere to appliances or disk images.</summary>
[Cmdlet(VerbsData.Export, "VSphereVM", SupportsShouldProcess = true)]
[OutputType(typeof(ExportedMachine))]
public sealed class ExportVSphereVMCommand : AsyncCmdlet
{
    private const string Appliance = "ova";

    private readonly List<MachineTarget> _machines = [];
    private string _destination = "";
    private string? _work;

    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true)]
    [Machine]
    [ArgumentCompleter(typeof(VSphereMachineCompleter))]
    public PSObject[] VM { get; set; } = [];

    [Parameter(Mandatory = true, Position = 1)]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(FileCompleter))]
    public string Destination { get; set; } = "";

    [Parameter]
    [ValidateSet(Appliance, "qcow2", "vmdk", "raw", "vhd")]
    public string Format { get; set; } = Appliance;

    [Parameter]
    public SwitchParameter HostDescriptor { get; set; }

    [Parameter]
    [ArgumentCompleter(typeof(VSphereServerCompleter))]
    [ValidateNotNullOrEmpty]
    public string? Server { get; set; }

    [Parameter]
    public DiskTransport Transport { get; set; }

    [Parameter]
    public SwitchParameter ShutDown { get; set; }

    [Parameter]
    [ValidateRange(1, 86_400)]
    public int ShutdownTimeoutSeconds { get; set; } = 600;

    [Parameter]
    public SwitchParameter Quiesce { get; set; }

    [Parameter]
    public SwitchParameter CopyFreeSpace { get; set; }

    [Parameter]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(FileCompleter))]
    public string? WorkPath { get; set; }

    [Parameter]
    public SwitchParameter Force { get; set; }

    private bool IsAppliance => Format.Equals(Appliance, StringComparison.OrdinalIgnoreCase);

    protected override void CheckParameters()
    {
        if (HostDescriptor && !IsAppliance)
            throw new OsMigrateException(ErrorIds.BadRequest, ErrorKind.InvalidArgument, $"-HostDescriptor has no meaning with -Format {Format}: only an OVA has a descriptor.");
        _destination = FilePaths.Literal(SessionState, Destination);
        _work = WorkPath is null ? null : FilePaths.Literal(SessionState, WorkPath);
    }

    protected override void TakeRecord()
    {
        foreach (var machine in VM)
            _machines.AddRange(Attempt<MachineTarget[]>(machine, () => [MachineTarget.Read(machine, Server, SessionState)], []));
    }

    protected override void TakeEnd()
    {
        if (_machines.Count == 0)
            return;
        Run(null, () =>
        {
            using var found = new FoundMachines(Tell);
            SideBySide(_machines, 1, static t => t.Name, t => found.Add(t, Cancel));
            SideBySide(found.All, 1, $"Exporting {found.All.Count} machines", static m => m.Machine.Name, (m, watcher) => Export(m.Server, m.Machine, watcher));
        });
    }

    private void Export(VSphereSession session, VSphereMachine machine, IJobWatcher watcher)
    {
        var clock = Stopwatch.StartNew();
        var source = new VSphereSourceOptions
        {
            // A machine that is on is copied as it runs unless it may be shut down for it.
            Mode = machine.PowerState == "poweredOff" || ShutDown ? MigrationMode.Cold : MigrationMode.Snapshot,
            Transport = Transport,
            ShutdownLimit = TimeSpan.FromSeconds(ShutdownTimeoutSeconds),
            Quiesce = Quiesce,
            CopyFreeSpace = CopyFreeSpace,
            WorkFolder = _work,
        };
        var wanted = new MachineExportOptions(_destination, IsAppliance ? null : DiskFormats.Find(Format), Force) { UseHostDescriptor = HostDescriptor };
        var export = new MachineExport(session, machine, source, wanted, watcher, Tell, Cancel);
        if (Confirm($"Export '{machine.Name}' from '{session.Name}' to '{export.Destination}'.", $"Export '{machine.Name}'?"))
            Emit(new ExportedMachine(machine.Name, session.Name, export.Run(), clock.Elapsed));
    }
}
