using System.Management.Automation;
using OsMigrate.Bytes;
using OsMigrate.Migrations.Features;

namespace OsMigrate.Module.Parameters;

/// <summary>Reads what users give as a placement: what the ConvertTo- cmdlets returned.</summary>
internal static class PlacementParts
{
    /// <exception cref="OsMigrateException"><see cref="ErrorIds.BadRequest"/>.</exception>
    public static PlacementPlan Read(IEnumerable<PSObject?> items) => new([.. items.OfType<PSObject>().Select(static item => item.BaseObject as IPlacementPart
        ?? throw new OsMigrateException(ErrorIds.BadRequest, ErrorKind.InvalidArgument, $"-Placement takes what ConvertTo-NovaServerGroup, ConvertTo-NovaAvailabilityZone, ConvertTo-MigrationOrder and ConvertTo-NovaMetadata return, not {item.BaseObject.GetType().Name}."))]);
}
