using OsMigrate.Bytes;

namespace OsMigrate.Migrations.Cloud;

/// <summary>Names and descriptions of the steps of a job, in order.</summary>
internal static class CloudJobSteps
{
    public const string Server = "server";
    public const string Boot = "boot";

    /// <summary>The guest is changed; its result tells by what.</summary>
    public const string Guest = "guest";

    public static string Image(CloudDisk disk) => $"image{disk.Index}";

    public static string Volume(CloudDisk disk) => $"volume{disk.Index}";

    public static string Port(CloudPort port) => $"port{port.Index}";

    /// <summary>The mark by which a step's thing is found in the cloud.</summary>
    public static string Mark(CloudJobPlan plan, string step) => $"{plan.JobId}/{step}";

    public static IEnumerable<string> Describe(CloudJobPlan plan)
    {
        foreach (var port in plan.Ports)
            yield return $"Make the port '{port.Name}' in the network '{port.NetworkName}' with {(port.MacAddress is null ? "a new MAC address" : $"the MAC address {port.MacAddress}")}{(port.Addresses.Count == 0 ? "" : $" and {string.Join(", ", port.Addresses)}")}.";
        foreach (var step in plan.Origin?.Steps() ?? [])
            yield return step;
        if (plan.Preparation is { } preparation)
            yield return preparation.Text;
        foreach (var disk in plan.Disks)
        {
            yield return $"Upload disk {disk.Index} ({ByteSize.Text(disk.SizeBytes)}) as the image '{disk.Name}'{(disk.ToVolume ? ", for the time being" : "")}.";
            if (disk.ToVolume)
                yield return $"Make the volume '{disk.Name}' of {disk.VolumeSizeGiB} GiB{(disk.VolumeType is null ? "" : $" of the type '{disk.VolumeType}'")} from it, and delete the image.";
        }

        yield return $"Launch the server '{plan.ServerName}' of the flavor '{plan.FlavorName}'{(plan.AvailabilityZone is null ? "" : $" in the zone '{plan.AvailabilityZone}'")} from {(plan.Target == DiskTarget.Image ? "the image" : "the first volume")}.";
        foreach (var item in plan.Metadata)
            yield return $"Give it the metadata {item.Key} = {item.Value}.";
        foreach (var property in plan.ImageProperties)
            yield return $"Set {property.Key} = {property.Value}.";
        if (plan.WaitForText is { } text)
            yield return $"Wait until its console shows '{text}'.";
        if (plan.WaitForPort is { } number)
            yield return $"Wait until it answers on port {number}.";
        if (plan.ServerGroupName is { } group)
            yield return $"Its place is up to the server group {group}.";
        if (plan.Quotas.Count > 0)
            yield return $"Quota: {string.Join(", ", plan.Quotas)}.";
    }
}
