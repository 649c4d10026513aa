using System.Management.Automation;
using OsMigrate.Module.Pipeline;
using OsMigrate.OpenStack.Quotas;

namespace OsMigrate.Module.Commands.OpenStack;

/// <summary>Lists what the project may have, and has.</summary>
[Cmdlet(VerbsCommon.Get, "OpenStackQuota")]
[OutputType(typeof(Quota))]
public sealed class GetOpenStackQuotaCommand : OpenStackCmdlet
{
    [Parameter(Position = 0)]
    [ValidateSet("Nova", "Cinder", "Neutron")]
    public string[] Service { get; set; } = ["Nova", "Cinder", "Neutron"];

    protected override void TakeRecord()
    {
        foreach (var service in Service)
        {
            RunIn(service, session =>
            {
                var quotas = new QuotasClient(session);
                var all = service.ToUpperInvariant() switch { "NOVA" => quotas.Compute(Cancel), "CINDER" => quotas.Volumes(Cancel), _ => quotas.Network(Cancel) };
                foreach (var quota in all)
                    Emit(session, quota);
            });
        }
    }
}
