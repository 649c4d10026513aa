using OsMigrate.Disks;
using OsMigrate.Disks.Vmdk;
using OsMigrate.Fuzz.Parsers;

namespace OsMigrate.Fuzz;

/// <summary>All parsers. Disk formats come from their own list: a new one is under attack as soon as it is entered there.</summary>
internal static class Targets
{
    public static IReadOnlyList<FuzzTarget> All { get; } =
    [
        new InflaterTarget(),
        .. DiskFormats.All.Select(f => new DiskTarget(f)),
        new TextTarget("vmdk-descriptor", s => VmdkDescriptor.Parse(s.ReadBytes(0, (int)s.Length), s.Name, 0), [Samples.VmdkDescriptor]),
        new PartitionTarget(),
    ];

    public static FuzzTarget Find(string name)
        => All.FirstOrDefault(t => t.Name == name) ?? throw new ArgumentException($"no target '{name}'; --list names them");
}
