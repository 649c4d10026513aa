using System.Management.Automation;
using OsMigrate.Module.Parameters;
using OsMigrate.Module.Pipeline;
using OsMigrate.Module.VSphere;
using OsMigrate.VSphere.Inventory;
using OsMigrate.VSphere.Sessions;
using OsMigrate.VSphere.Tags;

namespace OsMigrate.Module.Commands.VSphere;

/// <summary>Lists machines of a vCenter or ESXi host.</summary>
[Cmdlet(VerbsCommon.Get, "VSphereVM", DefaultParameterSetName = ByName)]
[OutputType(typeof(VSphereMachine))]
public sealed class GetVSphereVMCommand : VSphereCmdlet
{
    private const string ByName = "Name";
    private const string ById = "Id";

    [Parameter(Position = 0, ValueFromPipeline = true, ParameterSetName = ByName)]
    [NameOrId]
    [SupportsWildcards]
    [ArgumentCompleter(typeof(VSphereMachineCompleter))]
    public string[] Name { get; set; } = [];

    [Parameter(Mandatory = true, ValueFromPipelineByPropertyName = true, ParameterSetName = ById)]
    [ValidateNotNullOrEmpty]
    public string[] Id { get; set; } = [];

    [Parameter]
    [SupportsWildcards]
    public string? Datacenter { get; set; }

    [Parameter]
    [SupportsWildcards]
    public string? Cluster { get; set; }

    [Parameter]
    [SupportsWildcards]
    public string? VMHost { get; set; }

    [Parameter]
    [SupportsWildcards]
    public string? Folder { get; set; }

    [Parameter]
    [ValidateSet("poweredOn", "poweredOff", "suspended")]
    public string? PowerState { get; set; }

    [Parameter]
    public SwitchParameter IncludeTemplate { get; set; }

    [Parameter]
    [SupportsWildcards]
    public string? Tag { get; set; }

    [Parameter]
    public SwitchParameter IncludeTag { get; set; }

    protected override void TakeRecord()
    {
        var (names, ids) = (Name, ParameterSetName == ById ? Id : []);
        RunOn(names.FirstOrDefault() ?? ids.FirstOrDefault(), session =>
        {
            var inventory = new VSphereInventory(session, Cancel);
            var wanted = ids.Length > 0 ? ids.Select(MachineIds.Parse) : (names.Length > 0 ? names : ["*"]).SelectMany(name => MachineChoice.References(inventory, session.Name, name)).Distinct();
            var found = inventory.Read(wanted).Where(m => ids.Length > 0 || Fits(m));
            foreach (var machine in (IncludeTag || Tag is not null ? Tagged(session, found) : found).OrderBy(static m => m.Name, StringComparer.OrdinalIgnoreCase))
                Emit(machine);
        });
    }

    /// <summary>Tags come by another API than all the rest.</summary>
    private List<VSphereMachine> Tagged(VSphereSession session, IEnumerable<VSphereMachine> machines)
    {
        using var tags = new VSphereTags(session, Cancel);
        var all = machines.ToList();
        var known = tags.Of(all.Select(static m => m.Reference));
        return [.. all.Select(m => m with { Tags = known.TryGetValue(m.Reference, out var found) ? found : [] })
            .Where(m => Tag is null || m.Tags.Any(t => Matches(Tag, t) || Matches(Tag, t.Substring(t.IndexOf('/') + 1))))];
    }

    private bool Fits(VSphereMachine machine)
        => (!machine.IsTemplate || IncludeTemplate) && Matches(Datacenter, machine.Datacenter) && Matches(Cluster, machine.Cluster) && Matches(VMHost, machine.HostName)
           && Matches(Folder, machine.Folder) && (PowerState is null || string.Equals(PowerState, machine.PowerState, StringComparison.OrdinalIgnoreCase));

    private static bool Matches(string? pattern, string value) => pattern is null || WildcardPattern.Get(pattern, WildcardOptions.IgnoreCase).IsMatch(value);
}
