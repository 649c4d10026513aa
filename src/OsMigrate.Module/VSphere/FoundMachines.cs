using OsMigrate.Bytes;
using OsMigrate.VSphere;
using OsMigrate.VSphere.Inventory;
using OsMigrate.VSphere.Sessions;

namespace OsMigrate.Module.VSphere;

/// <summary>The machines that a cmdlet was given, looked up; passes on what their sessions note until it is disposed.</summary>
internal sealed class FoundMachines(Action<string> tell) : IDisposable
{
    private readonly List<(VSphereSession Server, VSphereMachine Machine)> _all = [];
    private readonly HashSet<VSphereSession> _sessions = [];
    private readonly Dictionary<VSphereSession, VSphereInventory> _inventories = [];

    public IReadOnlyList<(VSphereSession Server, VSphereMachine Machine)> All => _all;

    /// <exception cref="OsMigrateException">There is no such machine, or no connection.</exception>
    public void Add(MachineTarget target, CancellationToken cancel)
    {
        var (session, references) = Locate(target, cancel);
        foreach (var reference in references)
        {
            if (!_all.Exists(m => m.Server == session && m.Machine.Reference == reference))
                _all.Add((session, Inventory(session, cancel).Read(reference)));
        }
    }

    /// <summary>Where machines are, without reading them.</summary>
    /// <inheritdoc cref="Add"/>
    public (VSphereSession Server, IReadOnlyList<MoRef> Machines) Locate(MachineTarget target, CancellationToken cancel)
    {
        var session = Listen(target.Interop is { } foreign ? VSphereSessions.Of(foreign.Address, foreign.Cookie, tell, cancel) : VSphereSessions.Get(target.Server));
        return (session, target.Interop is { } known ? [new MoRef("VirtualMachine", known.MachineId)] : MachineChoice.References(Inventory(session, cancel), session.Name, target.Wanted!));
    }

    public void Dispose()
    {
        foreach (var session in _sessions)
            session.Noted -= tell;
    }

    private VSphereInventory Inventory(VSphereSession session, CancellationToken cancel)
        => _inventories.TryGetValue(session, out var inventory) ? inventory : _inventories[session] = new VSphereInventory(session, cancel);

    private VSphereSession Listen(VSphereSession session)
    {
        if (_sessions.Add(session))
            session.Noted += tell;
        return session;
    }
}
