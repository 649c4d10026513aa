using System.Management.Automation;

namespace OsMigrate.Module.Interop;

/// <summary>What kind of machine an object of the pipeline is.</summary>
internal enum MachineObjectKind
{
    /// <summary>No machine: a path, a file, anything.</summary>
    None,

    /// <summary>Our own record.</summary>
    Ours,

    /// <summary>Get-VM or Get-Template of PowerCLI.</summary>
    PowerCliMachine,

    /// <summary>Get-Snapshot of PowerCLI.</summary>
    PowerCliSnapshot,

    /// <summary>Get-View of PowerCLI.</summary>
    View,

    /// <summary>PowerCLI's, but it went through a job or a remote session and is only a picture of itself.</summary>
    Deserialized,

    /// <summary>Get-VM of Hyper-V.</summary>
    HyperV,
}

/// <summary>Knows PowerCLI's types by their names: no assembly of PowerCLI is referred to.</summary>
internal static class PowerCliTypes
{
    private const string Family = "VMware.VimAutomation.ViCore.";

    public static MachineObjectKind KindOf(object? item)
    {
        if (item is null)
            return MachineObjectKind.None;
        var wrapped = PSObject.AsPSObject(item);
        if (wrapped.BaseObject is OsMigrate.VSphere.Inventory.VSphereMachine)
            return MachineObjectKind.Ours;
        var names = wrapped.TypeNames;
        if (names.Any(static n => n.StartsWith("Deserialized.VMware.", StringComparison.Ordinal)))
            return MachineObjectKind.Deserialized;
        if (names.Any(static n => n is "Microsoft.HyperV.PowerShell.VirtualMachine" or "Deserialized.Microsoft.HyperV.PowerShell.VirtualMachine"))
            return MachineObjectKind.HyperV;
        var interfaces = wrapped.BaseObject is PSCustomObject ? [] : wrapped.BaseObject.GetType().GetInterfaces().Select(static i => i.FullName ?? "").ToArray();
        if (Any(names, interfaces, ".UniversalVirtualMachineImpl", ".VirtualMachineImpl", ".TemplateImpl", ".Inventory.VirtualMachine", ".Inventory.Template"))
            return MachineObjectKind.PowerCliMachine;
        if (Any(names, interfaces, ".SnapshotImpl", ".VM.Snapshot"))
            return MachineObjectKind.PowerCliSnapshot;
        if (names.Contains("VMware.Vim.VirtualMachine"))
            return MachineObjectKind.View;
        // What Select-Object leaves of a machine still names it.
        return PowerCliObject.Text(wrapped, "Id")?.StartsWith("VirtualMachine-", StringComparison.Ordinal) == true && PowerCliObject.Text(wrapped, "Uid") is { Length: > 0 }
            ? MachineObjectKind.PowerCliMachine
            : MachineObjectKind.None;
    }

    private static bool Any(IEnumerable<string> names, IEnumerable<string> interfaces, params string[] ends)
        => names.Concat(interfaces).Any(n => n.StartsWith(Family, StringComparison.Ordinal) && ends.Any(e => n.EndsWith(e, StringComparison.Ordinal)));
}
