using OsMigrate.Bytes;
using OsMigrate.Migrations.Assessment;
using OsMigrate.VSphere;
using OsMigrate.VSphere.Inventory;
using OsMigrate.VSphere.Sessions;

namespace OsMigrate.Module.VSphere;

/// <summary>Gathers what a cmdlet was given to assess: machines of servers, whole servers, files.</summary>
/// <param name="tell">Receives what sessions note.</param>
/// <param name="progress">Receives what is being read, and how far it is.</param>
internal sealed class AssessedInventory(Action<string> tell, Action<string, string> progress, CancellationToken cancel)
{
    public InventorySnapshot All { get; private set; } = new();

    /// <exception cref="OsMigrateException">The server is not connected, or cannot be read.</exception>
    public void AddServer(string? server) => VSphereSessions.Use(server, tell, session => Add(session, null));

    /// <summary>Machines by server, each once.</summary>
    /// <param name="each">Runs what it is given for every machine; what fails for one is told there, and the others go on.</param>
    public void AddMachines(Action<Action<MachineTarget>> each)
    {
        using var found = new FoundMachines(tell);
        var wanted = new List<(VSphereSession Server, MoRef Machine)>();
        each(target =>
        {
            var (server, machines) = found.Locate(target, cancel);
            wanted.AddRange(machines.Select(m => (server, m)));
        });
        foreach (var server in wanted.GroupBy(static w => w.Server))
            Add(server.Key, [.. server.Select(static w => w.Machine).Distinct()]);
    }

    public void AddFile(string name, Func<CancellationToken, InventorySnapshot> read)
    {
        progress($"Reading {Path.GetFileName(name)}", "Machines, disks and what is around them");
        All = All.With(read(cancel));
    }

    private void Add(VSphereSession session, IReadOnlyList<MoRef>? machines)
        => All = All.With(InventoryReader.Read(session, machines, (read, of) => progress($"Reading machines of {session.Name}", $"{read} of {of}"), cancel));
}
