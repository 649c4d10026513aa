using OsMigrate.Bytes;
using OsMigrate.OpenStack;
using OsMigrate.OpenStack.Compute;
using OsMigrate.OpenStack.Networks;
using OsMigrate.OpenStack.Quotas;

namespace OsMigrate.Migrations.Assessment;

/// <summary>What a cloud has for the machines. A list that the cloud does not show is null: not known.</summary>
public sealed record CloudOffer
{
    public string Name { get; init; } = "";

    public IReadOnlyList<Flavor>? Flavors { get; init; }

    public IReadOnlyList<Quota>? Quotas { get; init; }

    /// <summary>Names of networks.</summary>
    public IReadOnlyList<string>? Networks { get; init; }

    /// <summary>What the cloud did not show, and why.</summary>
    public IReadOnlyList<string> Notices { get; init; } = [];

    /// <summary>Asks the cloud; changes nothing.</summary>
    public static CloudOffer Read(CloudSession session, CancellationToken cancel)
    {
        var notices = new List<string>();
        IReadOnlyList<T>? Ask<T>(string what, Func<IEnumerable<T>> read)
        {
            try
            {
                return [.. read()];
            }
            catch (OsMigrateException e) when (e.ErrorId is ErrorIds.CloudNotFound or ErrorIds.CloudForbidden or ErrorIds.CloudNoService or ErrorIds.CloudRefused)
            {
                notices.Add($"{session.Name} does not show its {what}: {e.Message}");
                return null;
            }
        }

        var quotas = new QuotasClient(session);
        var (compute, volumes, network) = (Ask("compute quotas", () => quotas.Compute(cancel)), Ask("volume quotas", () => quotas.Volumes(cancel)), Ask("network quotas", () => quotas.Network(cancel)));
        return new CloudOffer
        {
            Name = session.Name,
            Flavors = Ask("flavors", () => new FlavorsClient(session).List(cancel)),
            Quotas = compute is null && volumes is null && network is null ? null : [.. compute ?? [], .. volumes ?? [], .. network ?? []],
            Networks = Ask("networks", () => new NetworksClient(session).List(cancel).Select(static n => n.Name)),
            Notices = notices,
        };
    }

    /// <summary>The smallest flavor that a machine fits; null when none is large enough.</summary>
    /// <exception cref="InvalidOperationException">The flavors are not known.</exception>
    internal Flavor? Fit(int cpuCount, long memoryMiB)
    {
        try
        {
            return FlavorsClient.Nearest(Flavors ?? throw new InvalidOperationException("flavors are not known"), cpuCount, memoryMiB, 0);
        }
        catch (OsMigrateException e) when (e.ErrorId == ErrorIds.CloudNotFound)
        {
            return null;
        }
    }

    /// <summary>What is left of a quota; null when there is no limit or it is not known.</summary>
    internal long? Free(string resource) => Quotas?.FirstOrDefault(q => q.Resource == resource)?.Free;
}
