using OsMigrate.Bytes;
using OsMigrate.VSphere.Properties;
using OsMigrate.VSphere.Sessions;
using OsMigrate.VSphere.Soap;
using OsMigrate.VSphere.Tasks;

namespace OsMigrate.VSphere.Machines;

/// <summary>Turns machines off and on.</summary>
internal sealed class MachinePower(VSphereSession session, CancellationToken cancel)
{
    private static readonly TimeSpan TaskLimit = TimeSpan.FromMinutes(10);

    /// <summary>poweredOn, poweredOff or suspended.</summary>
    public string StateOf(MoRef machine) => new PropertyQuery(session).Of(machine, ["runtime.powerState"], cancel).Text("runtime.powerState") ?? "";

    /// <summary>Lets the guest shut itself down, and waits until the machine is off.</summary>
    /// <param name="limit">How long the guest may take.</param>
    /// <param name="force">Switch it off when the guest cannot be asked or does not come to an end.</param>
    /// <exception cref="OsMigrateException"><see cref="ErrorIds.VSphereState"/>: it is still on, and must not be switched off.</exception>
    public void ShutDown(MoRef machine, string name, TimeSpan limit, bool force)
    {
        var state = StateOf(machine);
        if (state == "poweredOff")
            return;
        if (state == "suspended")
            throw new OsMigrateException(ErrorIds.VSphereState, ErrorKind.ResourceUnavailable, $"'{name}' is suspended: what its guest holds in memory would be lost.", name) { Advice = "Resume it and shut it down." };
        if (Asked(machine, name, force) && WentOff(machine, limit))
            return;
        if (!force)
            throw new OsMigrateException(ErrorIds.VSphereState, ErrorKind.ResourceUnavailable, $"The guest of '{name}' did not shut down within {limit.TotalMinutes:0.#} minutes.", name) { Advice = "Wait longer with -ShutdownTimeoutSeconds, or switch it off with -Force." };
        session.Note($"Switching '{name}' off.");
        new VimTask(session).Run("PowerOffVM_Task", machine, $"to switch '{name}' off", TaskLimit, null, cancel);
    }

    /// <summary>Does nothing when it is on already.</summary>
    public void PowerOn(MoRef machine, string name)
    {
        if (StateOf(machine) != "poweredOn")
            new VimTask(session).Run("PowerOnVM_Task", machine, $"to switch '{name}' on", TaskLimit, null, cancel);
    }

    private bool Asked(MoRef machine, string name, bool force)
    {
        try
        {
            session.Call("ShutdownGuest", machine, cancel, true);
            session.Note($"Asked the guest of '{name}' to shut down.");
            return true;
        }
        catch (VimException e) when (e.FaultType is "ToolsUnavailable" && force)
        {
            return false;
        }
        catch (VimException e) when (e.FaultType is "ToolsUnavailable")
        {
            throw new OsMigrateException(ErrorIds.VSphereState, ErrorKind.ResourceUnavailable, $"The guest of '{name}' cannot be asked to shut down: VMware Tools does not run in it.", name, e) { Advice = "Shut it down from within, or switch it off with -Force." };
        }
        catch (VimException e) when (e.FaultType is "InvalidPowerState")
        {
            // It went off by itself meanwhile.
            return true;
        }
    }

    private bool WentOff(MoRef machine, TimeSpan limit)
    {
        var end = DateTime.UtcNow + limit;
        for (var pause = 200; StateOf(machine) != "poweredOff"; pause = Math.Min(3000, pause * 2))
        {
            if (DateTime.UtcNow > end)
                return false;
            cancel.WaitHandle.WaitOne(pause);
            cancel.ThrowIfCancellationRequested();
        }

        return true;
    }
}
