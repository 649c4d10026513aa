using System.Management.Automation;
using OsMigrate.Module.Interop;
using OsMigrate.VSphere.Inventory;

namespace OsMigrate.Module.VSphere;

/// <summary>A machine that a cmdlet was given: by name, as our own record, or as an object of PowerCLI.</summary>
/// <param name="Wanted">Name, id or pattern; null for objects of PowerCLI.</param>
/// <param name="Server">Name of a connected server; null for the default.</param>
internal sealed record MachineTarget(string Name, string? Wanted, string? Server, InteropMachine? Interop)
{
    /// <summary>Pipeline thread: reads what was given.</summary>
    /// <exception cref="Bytes.OsMigrateException">Interop.*: it cannot be used.</exception>
    public static MachineTarget Read(PSObject item, string? server, SessionState state)
    {
        switch (item.BaseObject)
        {
            case string text:
                return new MachineTarget(text, text, server, null);
            case VSphereMachine ours:
                return new MachineTarget(ours.Name, ours.Id, server ?? ours.Server, null);
            default:
                var read = PowerCliReader.Read(item, state.PSVariable.GetValue("global:DefaultVIServers"));
                return new MachineTarget(read.Name, null, null, read);
        }
    }
}
