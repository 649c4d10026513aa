using System.Management.Automation;
using OsMigrate.Bytes;
using OsMigrate.Module.Output;

namespace OsMigrate.Module.Interop;

/// <summary>Tries everything that is assumed of PowerCLI on what is there. Pipeline thread only.</summary>
internal sealed class InteropProbe(SessionState state)
{
    private const string Machines = "Get-VM | Convert-ToOpenStack";

    private readonly List<InteropCheck> _checks = [];

    private object? Servers => state.PSVariable.GetValue("global:DefaultVIServers");

    /// <summary>What holds without any machine.</summary>
    public IReadOnlyList<InteropCheck> Environment()
    {
        _checks.Clear();
        var command = state.InvokeCommand.GetCommand("Get-VM", CommandTypes.Cmdlet | CommandTypes.Function | CommandTypes.Alias);
        Check("Get-VM is PowerCLI's", command is null ? null : command.ModuleName == "VMware.VimAutomation.Core", "module VMware.VimAutomation.Core", command is null ? "no Get-VM" : command.ModuleName, "Hyper-V's Get-VM gives other machines.");
        var version = PowerCliObject.Text(command, "Module", "Version");
        Check("PowerCLI's version", version is null ? null : Version.TryParse(version, out var v) && v.Major >= 11, "11 or later", version ?? "not loaded", "Older ones were not thought of.");
        var servers = LanguagePrimitives.GetEnumerable(Servers)?.Cast<object>().ToList() ?? (Servers is { } one ? [one] : []);
        Check("$global:DefaultVIServers", servers.Count == 0 ? null : true, "the connected servers", servers.Count.ToString(System.Globalization.CultureInfo.InvariantCulture), "Machines without ExtensionData find their server there.");
        foreach (var server in servers)
            Server(server);
        return [.. _checks];
    }

    /// <summary>What holds of one object.</summary>
    public IReadOnlyList<InteropCheck> Object(PSObject item)
    {
        _checks.Clear();
        var kind = PowerCliTypes.KindOf(item);
        var name = PowerCliObject.Text(item, "Name") ?? "?";
        Check($"{name}: its type is known", kind is MachineObjectKind.PowerCliMachine or MachineObjectKind.PowerCliSnapshot or MachineObjectKind.View, "a machine, template, snapshot or view", $"{kind}: {item.TypeNames.FirstOrDefault()}", Machines);
        if (kind is MachineObjectKind.PowerCliMachine)
        {
            Matches($"{name}: Id", PowerCliObject.Text(item, "Id"), static id => id.StartsWith("VirtualMachine-", StringComparison.Ordinal), "VirtualMachine-...", Machines);
            Matches($"{name}: Uid", PowerCliObject.Text(item, "Uid"), static uid => uid.StartsWith("/VIServer=", StringComparison.Ordinal) && uid.EndsWith("/", StringComparison.Ordinal), "/VIServer=USER@HOST:PORT/.../", "Finding the server of a machine without ExtensionData");
            Matches($"{name}: ExtensionData.MoRef", PowerCliObject.Text(item, "ExtensionData", "MoRef", "Value"), static _ => true, "the machine's reference", Machines);
            var agree = PowerCliObject.Text(item, "Id") == "VirtualMachine-" + PowerCliObject.Text(item, "ExtensionData", "MoRef", "Value");
            Check($"{name}: Id and MoRef agree", PowerCliObject.Value(item, "ExtensionData") is null ? null : agree, "the same value", agree ? "the same" : "different", Machines);
        }

        Session(item, name);
        return [.. _checks];
    }

    private void Server(object server)
    {
        var name = PowerCliObject.Text(server, "Name") ?? "?";
        Matches($"{name}: ServiceUri", PowerCliObject.Text(server, "ServiceUri"), static u => Uri.TryCreate(u, UriKind.Absolute, out var uri) && uri.Scheme == Uri.UriSchemeHttps, "https://HOST/sdk", "Finding the server");
        var secret = PowerCliObject.Text(server, "SessionSecret");
        Check($"{name}: SessionSecret", secret is null ? false : secret.Trim('"').Length > 0, "a text, with or without quotes", secret is null ? "missing" : secret.StartsWith("\"", StringComparison.Ordinal) ? "there, with quotes" : "there, without quotes", "Using PowerCLI's session");
        Matches($"{name}: Id", PowerCliObject.Text(server, "Id"), static id => id.StartsWith("/VIServer=", StringComparison.Ordinal) && id.EndsWith("/", StringComparison.Ordinal), "/VIServer=USER@HOST:PORT/", "Finding the server of a machine without ExtensionData");
    }

    private void Session(PSObject item, string name)
    {
        try
        {
            var read = PowerCliReader.Read(item, Servers);
            Check($"{name}: machine and session are found", true, "a machine's id, an address, a session", $"{read.MachineId} on {read.Address.Host}", Machines);
        }
        catch (OsMigrateException e)
        {
            Check($"{name}: machine and session are found", false, "a machine's id, an address, a session", e.Message, Machines);
        }
    }

    private void Matches(string check, string? found, Func<string, bool> test, string expected, string matters) => Check(check, found is { Length: > 0 } && test(found), expected, found ?? "missing", matters);

    private void Check(string check, bool? holds, string expected, string found, string matters)
        => _checks.Add(new InteropCheck(check, holds switch
        {
            true => InteropState.Holds,
            false => InteropState.Fails,
            _ => InteropState.NotTried,
        }, expected, found, matters));
}
