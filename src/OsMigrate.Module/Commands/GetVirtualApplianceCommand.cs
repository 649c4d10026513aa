using System.Management.Automation;
using OsMigrate.Appliances;
using OsMigrate.Module.Output;
using OsMigrate.Module.Pipeline;

namespace OsMigrate.Module.Commands;

/// <summary>Shows the machines in an OVA, an OVF package or a VMX.</summary>
[Cmdlet(VerbsCommon.Get, "VirtualAppliance", DefaultParameterSetName = ByPath)]
[OutputType(typeof(VirtualAppliance))]
public sealed class GetVirtualApplianceCommand : PathCmdlet
{
    [Parameter]
    [SupportsWildcards]
    public string? MachineName { get; set; }

    protected override void Process(string path)
    {
        var wanted = WildcardPattern.Get(MachineName ?? "*", WildcardOptions.IgnoreCase);
        using var appliance = Appliance.Open(path);
        foreach (var machine in appliance.Machines.Where(m => wanted.IsMatch(m.Name)))
            Emit(new VirtualAppliance(appliance, machine));
    }
}
