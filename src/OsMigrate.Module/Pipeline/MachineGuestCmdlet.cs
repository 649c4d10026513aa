using System.Management.Automation;
using OsMigrate.Bytes;
using OsMigrate.Migrations.Preparation;
using OsMigrate.Module.Parameters;
using OsMigrate.Module.VSphere;
using OsMigrate.VSphere.GuestOperations;
using OsMigrate.VSphere.Inventory;
using OsMigrate.VSphere.Sessions;

namespace OsMigrate.Module.Pipeline;

/// <summary>A cmdlet that changes the guests of disk images, or those of machines that run in vSphere.</summary>
public abstract class MachineGuestCmdlet : GuestEditCmdlet
{
    private protected const string ByMachine = "VM";

    private readonly List<MachineTarget> _machines = [];

    [Parameter(Mandatory = true, ValueFromPipeline = true, ParameterSetName = ByMachine)]
    [Machine]
    [ArgumentCompleter(typeof(VSphereMachineCompleter))]
    public PSObject[] VM { get; set; } = [];

    [Parameter(Mandatory = true, ParameterSetName = ByMachine)]
    [Credential]
    public PSCredential? GuestCredential { get; set; }

    [Parameter(ParameterSetName = ByMachine)]
    [ArgumentCompleter(typeof(VSphereServerCompleter))]
    [ValidateNotNullOrEmpty]
    public string? Server { get; set; }

    [Parameter(ParameterSetName = ByMachine)]
    [ValidateRange(10, 86_400)]
    public int TimeoutSeconds { get; set; } = 1800;

    [Parameter(ParameterSetName = ByMachine)]
    public SwitchParameter AllowRestart { get; set; }

    /// <summary>What is done in the guest of a machine.</summary>
    private protected abstract OnlineDrivers Work(VSphereSession session, VSphereMachine machine, GuestLogin login);

    // Written out, since pipeline input is not bound yet when parameters are checked.
    private protected override bool WorksOnFiles => !MyInvocation.BoundParameters.ContainsKey(nameof(GuestCredential));

    protected override void TakeRecord()
    {
        if (ParameterSetName == ByMachine)
            _machines.AddRange(VM.SelectMany(vm => Attempt<MachineTarget[]>(vm, () => [MachineTarget.Read(vm, Server, SessionState)], [])));
        else
            base.TakeRecord();
    }

    protected override void TakeEnd()
    {
        if (_machines.Count == 0)
            return;
        Run(null, () =>
        {
            using var found = new FoundMachines(Tell);
            SideBySide(_machines, 1, static t => t.Name, t => found.Add(t, Cancel));
            SideBySide(found.All, 1, static m => m.Machine.Name, m => Install(m.Server, m.Machine));
        });
    }

    private void Install(VSphereSession session, VSphereMachine machine)
    {
        var work = Work(session, machine, new GuestLogin(GuestCredential!.UserName.TrimStart('\\'), new Secret(GuestCredential.GetNetworkCredential().Password)));
        if (Confirm(string.Join(Environment.NewLine + "  ", work.Steps.Prepend($"Bring virtio drivers into the guest of '{machine.Name}' on '{session.Name}':")), $"Bring virtio drivers into the guest of '{machine.Name}'?"))
            Emit(work.Run());
    }
}
