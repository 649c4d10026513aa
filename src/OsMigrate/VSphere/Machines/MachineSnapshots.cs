using OsMigrate.Bytes;
using OsMigrate.VSphere.Inventory;
using OsMigrate.VSphere.Properties;
using OsMigrate.VSphere.Sessions;
using OsMigrate.VSphere.Soap;
using OsMigrate.VSphere.Tasks;

namespace OsMigrate.VSphere.Machines;

/// <summary>Makes and removes snapshots; only those of our own name are ever removed.</summary>
internal sealed class MachineSnapshots(VSphereSession session, CancellationToken cancel)
{
    private static readonly TimeSpan Limit = TimeSpan.FromHours(6);

    /// <param name="quiesce">Let VMware Tools bring file systems to rest; refused where Tools does not run.</param>
    public VSphereSnapshot Create(MoRef machine, string name, string description, bool quiesce)
    {
        var made = new VimTask(session).Run(
            "CreateSnapshot_Task",
            machine,
            $"to make the snapshot '{name}'",
            Limit,
            null,
            cancel,
            VimXml.Arg("name", name),
            VimXml.Arg("description", description),
            VimXml.Arg("memory", false),
            VimXml.Arg("quiesce", quiesce));
        if (made?.AsRef() is { } reference && List(machine).FirstOrDefault(s => s.Reference == reference) is { } known)
            return known;
        return Named(machine, name).LastOrDefault() ?? throw new OsMigrateException(ErrorIds.VSphereFailed, ErrorKind.ResourceUnavailable, $"The snapshot '{name}' was made, and is not there.", name);
    }

    public IReadOnlyList<VSphereSnapshot> Named(MoRef machine, string name) => [.. List(machine).Where(s => s.Name == name)];

    public IReadOnlyList<VSphereSnapshot> List(MoRef machine)
        => SnapshotReader.Read(new PropertyQuery(session).Of(machine, ["snapshot"], cancel).Data("snapshot"), machine, "");

    /// <summary>Removes one snapshot, not those below it; its changes go into the machine's disks.</summary>
    public void Remove(VSphereSnapshot snapshot)
        => new VimTask(session).Run("RemoveSnapshot_Task", snapshot.Reference, $"to remove the snapshot '{snapshot.Name}'", Limit, null, cancel, VimXml.Arg("removeChildren", false), VimXml.Arg("consolidate", true));

    /// <summary>The disks as a snapshot holds them, by key.</summary>
    public IReadOnlyDictionary<int, VSphereDisk> Disks(MoRef snapshot)
    {
        var devices = new PropertyQuery(session).Of(snapshot, ["config.hardware.device"], cancel).Data("config.hardware.device")?.List("VirtualDevice") ?? [];
        return new DeviceReader(devices, []).Disks().ToDictionary(static d => d.Key);
    }
}
