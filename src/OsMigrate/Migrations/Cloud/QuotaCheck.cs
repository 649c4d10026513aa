using OsMigrate.Bytes;
using OsMigrate.OpenStack;
using OsMigrate.OpenStack.Compute;
using OsMigrate.OpenStack.Quotas;

namespace OsMigrate.Migrations.Cloud;

/// <summary>Compares what a plan needs with what the project may still have: better now than after an hour of uploading.</summary>
internal sealed class QuotaCheck(CloudSession session, CancellationToken cancel)
{
    /// <returns>What is needed and what is left of it, one text each; nothing for what has no limit.</returns>
    /// <exception cref="OsMigrateException"><see cref="ErrorIds.CloudQuota"/>: something is not enough. All of it is named.</exception>
    public IReadOnlyList<string> Run(Flavor flavor, IReadOnlyList<CloudDisk> disks, int ports)
    {
        var volumes = disks.Where(d => d.ToVolume).ToList();
        var needs = new List<(string Resource, long Needed)> { ("instances", 1), ("CPUs", flavor.CpuCount), ("memory (MiB)", flavor.MemoryMiB) };
        var known = new List<Quota>(Ask(() => new QuotasClient(session).Compute(cancel)));
        if (volumes.Count > 0)
        {
            needs.AddRange([("volumes", volumes.Count), ("volume size (GiB)", volumes.Sum(v => v.VolumeSizeGiB))]);
            known.AddRange(Ask(() => new QuotasClient(session).Volumes(cancel)));
        }

        if (ports > 0)
        {
            needs.Add(("ports", ports));
            known.AddRange(Ask(() => new QuotasClient(session).Network(cancel)));
        }

        var limited = (from need in needs
                       let quota = known.FirstOrDefault(q => q.Resource == need.Resource && q.Free is not null)
                       where quota is not null
                       select (need.Resource, need.Needed, Free: quota.Free!.Value, quota)).ToList();
        var lacking = limited.Where(l => l.Needed > l.Free).ToList();
        if (lacking.Count == 0)
            return limited.Select(l => $"{l.Resource}: {l.Needed} of the {l.Free} that are left").ToList();
        throw new OsMigrateException(
            ErrorIds.CloudQuota, ErrorKind.ResourceUnavailable,
            $"The quota of the project in '{session.Name}' is not enough: " + string.Join("; ", lacking.Select(l => $"{l.Resource}: {l.Needed} needed, {l.Free} left ({l.quota.InUse} of {l.quota.Limit} in use)")) + ".", session.Name)
        {
            Advice = "Free something, or ask for a larger quota. Get-OpenStackQuota shows what is used.",
        };
    }

    /// <summary>A service that does not tell its quotas (old, or not for this user) refuses for itself later.</summary>
    private IReadOnlyList<Quota> Ask(Func<IReadOnlyList<Quota>> quotas)
    {
        try
        {
            return quotas();
        }
        catch (OsMigrateException e) when (e.ErrorId is ErrorIds.CloudNotFound or ErrorIds.CloudForbidden or ErrorIds.CloudNoService or ErrorIds.CloudRefused)
        {
            session.Note($"A quota could not be asked for: {e.Message}");
            return [];
        }
    }
}
