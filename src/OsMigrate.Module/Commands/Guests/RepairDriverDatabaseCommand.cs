using System.Management.Automation;
using OsMigrate.Guests;
using OsMigrate.Module.Output;
using OsMigrate.Module.Pipeline;

namespace OsMigrate.Module.Commands.Guests;

/// <summary>Removes the half driver package that virt-v2v leaves in a Windows guest, so that pnputil and in-place upgrades work again.</summary>
[Cmdlet(VerbsDiagnostic.Repair, "DriverDatabase", DefaultParameterSetName = ByPath, SupportsShouldProcess = true)]
[OutputType(typeof(PreparedGuest))]
public sealed class RepairDriverDatabaseCommand : GuestEditCmdlet
{
    private protected override bool NeedsChanges => true;

    private protected override PreparationResult Edit(GuestDisks disks) => GuestRepair.Run(disks, DateTime.UtcNow);
}
