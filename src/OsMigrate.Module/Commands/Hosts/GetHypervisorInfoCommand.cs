using System.Management.Automation;
using OsMigrate.Hypervisors;
using OsMigrate.Migrations.Hosts;
using OsMigrate.Module.Parameters;
using OsMigrate.Module.Pipeline;
using OsMigrate.Module.VSphere;

namespace OsMigrate.Module.Commands.Hosts;

/// <summary>Tells what hypervisor a host is, and what that means for a migration.</summary>
[Cmdlet(VerbsCommon.Get, "HypervisorInfo", DefaultParameterSetName = ByComputer)]
[OutputType(typeof(HypervisorInfo), typeof(HypervisorDifference))]
public sealed class GetHypervisorInfoCommand : HostCmdlet
{
    private const string ByServer = "Server";
    private const string ByCompare = "Compare";

    [Parameter(Mandatory = true, ParameterSetName = ByServer)]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(VSphereServerCompleter))]
    public string? Server { get; set; }

    [Parameter(Mandatory = true, ParameterSetName = ByCompare)]
    public SwitchParameter Compare { get; set; }

    protected override void TakeRecord()
    {
        switch (ParameterSetName)
        {
            case ByServer:
                Run(Server, () => VSphereSessions.Use(Server, Tell, session =>
                {
                    foreach (var host in VSphereHosts.All(session, Cancel))
                        Emit(host);
                }));
                break;
            case ByCompare:
                WriteObject(HypervisorDifference.All, enumerateCollection: true);
                break;
            default:
                base.TakeRecord();
                break;
        }
    }

    private protected override object Conclude(HostFacts facts) => HypervisorIdentification.Of(facts);
}
