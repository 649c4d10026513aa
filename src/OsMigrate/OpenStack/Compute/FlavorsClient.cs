using OsMigrate.Bytes;
using OsMigrate.OpenStack.Services;

namespace OsMigrate.OpenStack.Compute;

/// <summary>Flavors, and the choice of the nearest one.</summary>
public sealed class FlavorsClient(CloudSession session)
{
    private readonly ServiceClient _nova = session.Compute;

    public IEnumerable<Flavor> List(CancellationToken cancel) => _nova.List("flavors/detail?limit=500", "flavors", cancel).Select(Flavor.Parse);

    public Flavor? Get(string id, CancellationToken cancel)
        => _nova.TryGet("flavors/" + Uri.EscapeDataString(id), "flavor", cancel) is { } body ? Flavor.Parse(body.NeededObject("flavor")) : null;

    /// <summary>By name or id; flavor ids are free text, so the name is tried first.</summary>
    public Flavor Find(string nameOrId, CancellationToken cancel)
        => List(cancel).FirstOrDefault(f => f.Name == nameOrId) ?? Get(nameOrId, cancel)
           ?? throw new OsMigrateException(ErrorIds.CloudNotFound, ErrorKind.NotFound, $"The cloud '{session.Name}' has no flavor '{nameOrId}' that this project may use.", nameOrId);

    /// <summary>The smallest flavor that is not smaller than the machine in any way: fewest CPUs too many first, then least memory, then least disk.</summary>
    /// <param name="diskGiB">Size of the boot disk when the server boots from an image; 0 when it boots from a volume.</param>
    /// <exception cref="OsMigrateException"><see cref="ErrorIds.CloudNotFound"/>: none is large enough; the largest is named.</exception>
    public static Flavor Nearest(IEnumerable<Flavor> flavors, int cpuCount, long memoryMiB, long diskGiB)
    {
        var all = flavors.ToList();
        // Flavors that ask for devices or special hosts are for those who name them.
        var plain = all.Where(f => !f.ExtraSpecs.Keys.Any(k => k.StartsWith("pci_passthrough", StringComparison.Ordinal) || k.StartsWith("resources", StringComparison.Ordinal)
            || k.StartsWith("trait", StringComparison.Ordinal) || k.StartsWith("accel", StringComparison.Ordinal)));
        return plain.Where(f => f.CpuCount >= cpuCount && f.MemoryMiB >= memoryMiB && (f.DiskGiB == 0 || f.DiskGiB >= diskGiB))
            .OrderBy(f => f.CpuCount).ThenBy(f => f.MemoryMiB).ThenBy(f => f.DiskGiB).ThenBy(f => f.Name, StringComparer.Ordinal).FirstOrDefault()
            ?? throw new OsMigrateException(ErrorIds.CloudNotFound, ErrorKind.NotFound, FormattableString.Invariant($"No flavor has {cpuCount} CPUs, {memoryMiB} MiB of memory and {diskGiB} GiB of disk or more: the largest of {all.Count} has {all.Select(f => f.CpuCount).DefaultIfEmpty().Max()} CPUs, {all.Select(f => f.MemoryMiB).DefaultIfEmpty().Max()} MiB, {all.Select(f => f.DiskGiB).DefaultIfEmpty().Max()} GiB."))
            {
                Advice = "Name a flavor with -Flavor, ask the operator for a larger one, or boot from a volume, where the flavor's disk does not count.",
            };
    }
}
