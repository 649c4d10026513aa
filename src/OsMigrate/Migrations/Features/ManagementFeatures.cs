using OsMigrate.OpenStack.Services;

namespace OsMigrate.Migrations.Features;

/// <summary>Features for those who look after machines.</summary>
internal static class ManagementFeatures
{
    private const string Category = "Management";

    public static IReadOnlyList<FeatureDefinition> All { get; } =
    [
        new("Tag", Category)
        {
            Counterpart = "Server metadata (names and values), or server tags (words)",
            Lost = "Categories with one value only, tags on hosts, datastores and networks, and permissions by tag.",
            Advice = "ConvertTo-NovaMetadata makes metadata of them.",
            Check = static cloud => cloud.NovaVersion.Then(static version => version >= new Microversion(2, 26) ? Finding.Available($"Nova {version}: metadata, and tags from 2.26 on") : Finding.Partial($"Nova {version}: metadata, but tags need 2.26")),
            UsedBy = static use => use.MachinesThat(static m => m.Tags.Count > 0),
        },
        new("CustomAttribute", Category)
        {
            Counterpart = "Server metadata",
            Lost = "Values over 255 characters are cut, names are reduced to letters, digits and -_:. and spaces.",
            Advice = "ConvertTo-NovaMetadata makes metadata of them, and tells what was cut.",
            Check = static cloud => cloud.Limits.Then(static limits => limits.Whole("maxServerMeta") is { } most ? Finding.Available($"Nova allows {(most < 0 ? "any number of" : FormattableString.Invariant($"{most}"))} entries for each server") : Finding.Unknown("Nova's limits name no metadata")),
            UsedBy = static use => use.MachinesThat(static m => m.CustomAttributes.Count > 0),
        },
        new("Alarm", Category)
        {
            Counterpart = "Aodh alarms on what Ceilometer and Gnocchi measure",
            Lost = "Alarm definitions are not carried over.",
            Advice = "Define alarms anew, or use the monitoring that you have.",
            Check = static cloud => cloud.Service("Aodh", "alarm", "alarming"),
        },
    ];
}
