using System.Management.Automation;
using OsMigrate.Bytes;
using OsMigrate.Module.Pipeline;
using OsMigrate.Registry;

namespace OsMigrate.Module.Commands.Guests;

/// <summary>Checks registry hives: cells, lists, hashes, order, security, sizes.</summary>
[Cmdlet(VerbsDiagnostic.Test, "RegistryHive", DefaultParameterSetName = ByPath)]
[OutputType(typeof(HiveReport), typeof(bool))]
public sealed class TestRegistryHiveCommand : PathCmdlet
{
    [Parameter]
    public SwitchParameter Quiet { get; set; }

    protected override void Process(string path)
    {
        using var store = FileStore.OpenRead(path);
        var report = HiveCheck.Run(store);
        Emit(Quiet ? report.IsSound : report);
    }
}
