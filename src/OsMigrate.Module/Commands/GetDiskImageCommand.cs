using System.Management.Automation;
using OsMigrate.Bytes;
using OsMigrate.Disks;
using OsMigrate.Module.Output;
using OsMigrate.Module.Parameters;
using OsMigrate.Module.Pipeline;

namespace OsMigrate.Module.Commands;

/// <summary>Says what a disk image is and what it holds.</summary>
[Cmdlet(VerbsCommon.Get, "DiskImage", DefaultParameterSetName = ByPath)]
[OutputType(typeof(DiskImageDetail))]
public sealed class GetDiskImageCommand : PathCmdlet
{
    [Parameter]
    [DiskFormat]
    [ArgumentCompleter(typeof(DiskFormatCompleter))]
    public string? DiskFormat { get; set; }

    protected override void Process(string path)
    {
        using var image = SourceImage.Open(path, DiskFormat);
        Emit(DiskImageDetail.Of(path, image, AllocatedBytes(image)));
    }

    private long AllocatedBytes(DiskImage image)
    {
        long bytes = 0;
        for (long offset = 0; offset < image.Length;)
        {
            Cancel.ThrowIfCancellationRequested();
            var extent = image.NextExtent(offset);
            bytes += extent.Kind == ExtentKind.Data ? extent.Length : 0;
            offset = extent.End;
        }

        return bytes;
    }
}
