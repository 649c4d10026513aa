using OsMigrate.OpenStack.Json;

namespace OsMigrate.OpenStack.Quotas;

/// <summary>How much of one thing the project may have, and has.</summary>
/// <param name="Service">Nova, Cinder or Neutron.</param>
/// <param name="Resource">"instances", "memory (MiB)", "ports" ...</param>
/// <param name="Limit">Null when there is none.</param>
public sealed record Quota(string Service, string Resource, long? Limit, long InUse)
{
    /// <summary>What is left; null when there is no limit.</summary>
    public long? Free => Limit is { } limit ? Math.Max(0, limit - InUse) : null;
}

/// <summary>The project's quotas, as far as services tell their users. Glance tells nothing: it refuses when its quota is full.</summary>
/// <remarks>Compute API v2.1 "Limits"; Block Storage API v3 "Limits"; Networking API v2.0 "Quotas extension", details.</remarks>
public sealed class QuotasClient(CloudSession session)
{
    private static readonly (string Resource, string Limit, string Used)[] OfNova =
    [
        ("instances", "maxTotalInstances", "totalInstancesUsed"),
        ("CPUs", "maxTotalCores", "totalCoresUsed"),
        ("memory (MiB)", "maxTotalRAMSize", "totalRAMUsed"),
        ("server groups", "maxServerGroups", "totalServerGroupsUsed"),
    ];

    private static readonly (string Resource, string Limit, string Used)[] OfCinder =
    [
        ("volumes", "maxTotalVolumes", "totalVolumesUsed"),
        ("volume size (GiB)", "maxTotalVolumeGigabytes", "totalGigabytesUsed"),
        ("snapshots", "maxTotalSnapshots", "totalSnapshotsUsed"),
        ("backups", "maxTotalBackups", "totalBackupsUsed"),
        ("backup size (GiB)", "maxTotalBackupGigabytes", "totalBackupGigabytesUsed"),
    ];

    public IReadOnlyList<Quota> Compute(CancellationToken cancel) => Absolute("Nova", session.Compute.Get("limits", "limits", cancel), OfNova);

    public IReadOnlyList<Quota> Volumes(CancellationToken cancel) => Absolute("Cinder", session.Volumes.Get("limits", "limits", cancel), OfCinder);

    /// <summary>A limit of Nova by its name in the API, such as maxServerGroupMembers; null when there is none or the cloud does not say.</summary>
    public long? ComputeLimit(string name, CancellationToken cancel)
        => Limit(session.Compute.Get("limits", "limits", cancel).NeededObject("limits").NeededObject("absolute").Whole(name));

    /// <summary>What is reserved by requests that are under way counts as in use.</summary>
    public IReadOnlyList<Quota> Network(CancellationToken cancel)
    {
        var quota = session.Network.Get($"quotas/{Uri.EscapeDataString(session.ProjectId)}/details.json", "quota", cancel).NeededObject("quota");
        return (from resource in quota.All
                let detail = quota.Object(resource.Key)
                where detail is not null
                select new Quota("Neutron", Readable(resource.Key), Limit(detail.Value.Whole("limit")), (detail.Value.Whole("used") ?? 0) + (detail.Value.Whole("reserved") ?? 0))).ToList();
    }

    private static List<Quota> Absolute(string service, JsonFields answer, (string Resource, string Limit, string Used)[] known)
    {
        var absolute = answer.NeededObject("limits").NeededObject("absolute");
        return (from item in known
                let limit = absolute.Whole(item.Limit)
                where limit is not null
                select new Quota(service, item.Resource, Limit(limit), absolute.Whole(item.Used) ?? 0)).ToList();
    }

    /// <summary>-1 stands for no limit.</summary>
    private static long? Limit(long? value) => value is null or < 0 ? null : value;

    /// <summary>"security_group" becomes "security groups".</summary>
    private static string Readable(string resource) => resource switch
    {
        "floatingip" => "floating IPs",
        "subnetpool" => "subnet pools",
        "rbac_policy" => "RBAC policies",
        _ => resource.Replace('_', ' ') + "s",
    };
}
