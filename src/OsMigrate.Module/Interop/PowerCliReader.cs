using System.Collections;
using System.Management.Automation;
using OsMigrate.Bytes;

namespace OsMigrate.Module.Interop;

/// <summary>Reads which machine an object of PowerCLI is, and the session it came by. Pipeline thread only: such objects ask their server.</summary>
/// <remarks>Ids are "VirtualMachine-vm-42"; the part before the machine in Uid is the Id of its server. Nothing else of PowerCLI's texts is relied on.</remarks>
internal static class PowerCliReader
{
    private const string MachinePrefix = "VirtualMachine-";
    private const string SnapshotPrefix = "VirtualMachineSnapshot-";

    /// <param name="servers">$global:DefaultVIServers, for objects that do not carry their connection; or null.</param>
    /// <exception cref="OsMigrateException">Interop.*: it cannot be used, with what to do instead.</exception>
    public static InteropMachine Read(object item, object? servers)
    {
        var kind = PowerCliTypes.KindOf(item);
        var name = PowerCliObject.Text(item, "Name") ?? "";
        switch (kind)
        {
            case MachineObjectKind.View:
                return FromView(item, null, name);
            case MachineObjectKind.PowerCliMachine:
                return Value(item, MachinePrefix) is { } id ? From(item, id, null, name, servers) : FromView(PowerCliObject.Value(item, "ExtensionData"), null, name);
            case MachineObjectKind.PowerCliSnapshot:
                return FromSnapshot(item, name, servers);
            case MachineObjectKind.Deserialized:
                throw new OsMigrateException(ErrorIds.InteropDeserialized, ErrorKind.InvalidArgument, $"'{name}' came out of a job or a remote session: what is left of it is a picture without a connection.", name)
                {
                    Advice = "Call Get-VM in the same session, or name the machine: -VM NAME after Connect-VSphere.",
                };
            case MachineObjectKind.HyperV:
                throw new OsMigrateException(ErrorIds.InteropHyperV, ErrorKind.InvalidArgument, $"'{name}' is a machine of Hyper-V: its Get-VM hides PowerCLI's.", name)
                {
                    Advice = "Call VMware.VimAutomation.Core\\Get-VM, or export the Hyper-V machine's VHDX and give its path.",
                };
            default:
                throw new OsMigrateException(ErrorIds.InteropNotAMachine, ErrorKind.InvalidArgument, $"This is no virtual machine: {PSObject.AsPSObject(item).TypeNames.FirstOrDefault()}.");
        }
    }

    private static InteropMachine FromSnapshot(object item, string name, object? servers)
    {
        var snapshot = Value(item, SnapshotPrefix) ?? throw Incomplete(name, "its Id");
        var machine = PowerCliObject.Text(item, "VMId") is { } id && id.StartsWith(MachinePrefix, StringComparison.Ordinal) ? id.Substring(MachinePrefix.Length) : Value(PowerCliObject.Value(item, "VM"), MachinePrefix);
        return From(item, machine ?? throw Incomplete(name, "its VMId"), snapshot, name, servers);
    }

    private static InteropMachine From(object item, string machine, string? snapshot, string name, object? servers)
    {
        var session = SessionOf(item, servers, name);
        return new InteropMachine(session.Address, session.Cookie, machine, snapshot, name);
    }

    /// <summary>The connection that an object of PowerCLI belongs to.</summary>
    /// <exception cref="OsMigrateException"><see cref="ErrorIds.InteropNoSession"/>.</exception>
    public static (Uri Address, Secret Cookie) SessionOf(object item, object? servers, string name)
    {
        if (PowerCliObject.Value(item, "ExtensionData", "Client") is { } client && Session(client) is { } direct)
            return direct;
        var uid = PowerCliObject.Text(item, "Uid") ?? "";
        foreach (var server in Each(servers))
        {
            // "/VIServer=vsphere.local\administrator@vc:443/VirtualMachine=VirtualMachine-vm-42/" begins with the server's own Id or Uid.
            var mark = new[] { PowerCliObject.Text(server, "Uid"), PowerCliObject.Text(server, "Id") }.FirstOrDefault(m => m is { Length: > 0 } && uid.StartsWith(m, StringComparison.OrdinalIgnoreCase));
            if (mark is not null && ServerSession(server) is { } session)
                return session;
        }

        throw new OsMigrateException(ErrorIds.InteropNoSession, ErrorKind.ResourceUnavailable, $"No connection of PowerCLI belongs to '{name}'.", name) { Advice = "Connect with Connect-VIServer and call Get-VM again, or use Connect-VSphere and -VM NAME." };
    }

    private static InteropMachine FromView(object? view, string? snapshot, string name)
    {
        if (PowerCliObject.Text(view, "MoRef", "Value") is not { Length: > 0 } machine || PowerCliObject.Text(view, "MoRef", "Type") != "VirtualMachine")
            throw Incomplete(name, "its MoRef");
        return PowerCliObject.Value(view, "Client") is { } client && Session(client) is { } session
            ? new InteropMachine(session.Address, session.Cookie, machine, snapshot, name)
            : throw Incomplete(name, "its Client");
    }

    /// <summary>The connection of a VIServer, for those who hand one over.</summary>
    public static (Uri Address, Secret Cookie)? ServerSession(object server)
        => Make(PowerCliObject.Value(server, "ServiceUri"), PowerCliObject.Text(server, "SessionSecret") ?? PowerCliObject.Text(server, "SessionId"))
           ?? (PowerCliObject.Value(server, "ExtensionData", "Client") is { } client ? Session(client) : null);

    private static (Uri Address, Secret Cookie)? Session(object client) => Make(PowerCliObject.Value(client, "ServiceUrl"), PowerCliObject.Text(client, "SessionSecret"));

    private static (Uri Address, Secret Cookie)? Make(object? address, string? secret)
        => Uri.TryCreate(address?.ToString(), UriKind.Absolute, out var uri) && uri.Scheme == Uri.UriSchemeHttps && secret?.Trim('"') is { Length: > 0 } cookie
            ? (uri, new Secret(cookie))
            : null;

    private static string? Value(object? item, string prefix)
        => PowerCliObject.Text(item, "Id") is { } id && id.StartsWith(prefix, StringComparison.Ordinal) && id.Length > prefix.Length ? id.Substring(prefix.Length) : null;

    private static IEnumerable<object> Each(object? servers) => servers switch
    {
        null => [],
        PSObject { BaseObject: IEnumerable many } => many.Cast<object>(),
        IEnumerable many => many.Cast<object>(),
        _ => [servers],
    };

    private static OsMigrateException Incomplete(string name, string what)
        => new(ErrorIds.InteropNotAMachine, ErrorKind.InvalidArgument, $"'{name}' looks like a machine of PowerCLI, but {what} is missing.", name) { Advice = "Test-OsMigrateInterop shows how far OsMigrate and your PowerCLI understand each other." };
}
