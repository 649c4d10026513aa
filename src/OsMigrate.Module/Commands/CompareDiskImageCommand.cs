using System.Management.Automation;
using OsMigrate.Disks.Copying;
using OsMigrate.Module.Output;
using OsMigrate.Module.Parameters;
using OsMigrate.Module.Pipeline;

namespace OsMigrate.Module.Commands;

/// <summary>Compares the content of disk images, whatever their formats.</summary>
[Cmdlet(VerbsData.Compare, "DiskImage")]
[OutputType(typeof(DiskComparisonResult))]
public sealed class CompareDiskImageCommand : AsyncCmdlet
{
    private string? _reference;

    [Parameter(Mandatory = true, Position = 0)]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(FileCompleter))]
    public string ReferencePath { get; set; } = "";

    [Parameter(Mandatory = true, Position = 1, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [Alias("Path", "PSPath", "FullName")]
    [ValidateNotNullOrEmpty]
    [SupportsWildcards]
    [ArgumentCompleter(typeof(FileCompleter))]
    public string[] DifferencePath { get; set; } = [];

    [Parameter]
    [DiskFormat]
    [ArgumentCompleter(typeof(DiskFormatCompleter))]
    public string? ReferenceDiskFormat { get; set; }

    [Parameter]
    [DiskFormat]
    [ArgumentCompleter(typeof(DiskFormatCompleter))]
    public string? DifferenceDiskFormat { get; set; }

    protected override void CheckParameters() => _reference = FilePaths.Existing(SessionState, ReferencePath);

    protected override void TakeRecord()
    {
        foreach (var given in DifferencePath)
        {
            foreach (var path in Attempt(given, () => FilePaths.Expand(SessionState, given), []))
                Run(path, () => Compare(path));
        }
    }

    private void Compare(string path)
    {
        using var reference = SourceImage.Open(_reference!, ReferenceDiskFormat);
        using var difference = SourceImage.Open(path, DifferenceDiskFormat);
        var progress = CopyProgress($"Comparing {Path.GetFileName(_reference)} with {Path.GetFileName(path)}");
        Emit(new DiskComparisonResult(_reference!, path, DiskComparison.Run(reference, difference, progress, Cancel)));
    }
}
