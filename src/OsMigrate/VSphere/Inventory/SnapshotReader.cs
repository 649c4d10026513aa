using OsMigrate.VSphere.Soap;

namespace OsMigrate.VSphere.Inventory;

/// <summary>Reads the tree of snapshots.</summary>
/// <remarks>vSphere Web Services API, VirtualMachineSnapshotInfo and VirtualMachineSnapshotTree.</remarks>
internal static class SnapshotReader
{
    /// <summary>vSphere allows 32 in a chain.</summary>
    private const int MaxDepth = 64;

    public static IReadOnlyList<VSphereSnapshot> Read(VimData? info, MoRef machine, string machineName)
    {
        var all = new List<VSphereSnapshot>();
        if (info is not { } tree)
            return all;
        var current = tree.Ref("currentSnapshot");
        Add(tree.List("rootSnapshotList"), null, 0);
        return all;

        void Add(IEnumerable<VimData> nodes, string? parent, int depth)
        {
            foreach (var node in nodes)
            {
                if (node.Ref("snapshot") is not { } reference || depth > MaxDepth)
                    continue;
                var snapshot = new VSphereSnapshot
                {
                    Reference = reference,
                    Machine = machine,
                    VMName = machineName,
                    Name = Places.Unescape(node.Text("name") ?? ""),
                    Description = node.Text("description") ?? "",
                    CreatedAt = node.Time("createTime"),
                    PowerState = node.Text("state") ?? "",
                    IsQuiesced = node.Bool("quiesced") ?? false,
                    IsCurrent = reference == current,
                    Parent = parent,
                };
                all.Add(snapshot);
                Add(node.List("childSnapshotList"), snapshot.Name, depth + 1);
            }
        }
    }
}
