using System.Management.Automation;
using OsMigrate.Bytes;
using OsMigrate.Module.Output;
using OsMigrate.Module.Parameters;
using OsMigrate.Module.Pipeline;

namespace OsMigrate.Module.Commands;

/// <summary>Checks the structure of a disk image.</summary>
[Cmdlet(VerbsDiagnostic.Test, "DiskImage", DefaultParameterSetName = ByPath)]
[OutputType(typeof(DiskTestResult), typeof(bool))]
public sealed class TestDiskImageCommand : PathCmdlet
{
    [Parameter]
    [DiskFormat]
    [ArgumentCompleter(typeof(DiskFormatCompleter))]
    public string? DiskFormat { get; set; }

    [Parameter]
    public SwitchParameter Quiet { get; set; }

    protected override void Process(string path)
    {
        using var store = FileStore.OpenRead(path);
        var result = DiskTestResult.Of(path, store, SourceImage.FormatOf(store, path, DiskFormat), Cancel);
        Emit(Quiet ? result.IsHealthy : result);
    }
}
