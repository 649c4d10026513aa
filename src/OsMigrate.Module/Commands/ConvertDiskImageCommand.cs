using System.Management.Automation;
using OsMigrate.Bytes;
using OsMigrate.Disks;
using OsMigrate.Disks.Copying;
using OsMigrate.Disks.Qcow2;
using OsMigrate.Guests;
using OsMigrate.Module.Output;
using OsMigrate.Module.Parameters;
using OsMigrate.Module.Pipeline;

namespace OsMigrate.Module.Commands;

/// <summary>Copies a disk image into another format.</summary>
[Cmdlet(VerbsData.Convert, "DiskImage", DefaultParameterSetName = ByPath, SupportsShouldProcess = true)]
[OutputType(typeof(DiskConversionResult))]
public sealed class ConvertDiskImageCommand : PathCmdlet
{
    private Destinations? _destinations;

    [Parameter(Mandatory = true, Position = 1)]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(FileCompleter))]
    public string Destination { get; set; } = "";

    [Parameter]
    [DiskFormat(Writable = true)]
    [ArgumentCompleter(typeof(WritableDiskFormatCompleter))]
    public string? DiskFormat { get; set; }

    [Parameter]
    [ArgumentCompleter(typeof(SubformatCompleter))]
    public string? Subformat { get; set; }

    [Parameter]
    public Compression Compression { get; set; }

    [Parameter]
    [ArgumentCompleter(typeof(ClusterSizeCompleter))]
    [ValidateRange(512, 2 << 20)]
    public int ClusterSize { get; set; }

    [Parameter]
    [DiskFormat]
    [ArgumentCompleter(typeof(DiskFormatCompleter))]
    public string? SourceDiskFormat { get; set; }

    [Parameter]
    public SwitchParameter Force { get; set; }

    [Parameter]
    public SwitchParameter SkipVerify { get; set; }

    [Parameter]
    public SwitchParameter SkipFreeSpace { get; set; }

    [Parameter]
    public SwitchParameter RawChecksum { get; set; }

    [Parameter]
    public SwitchParameter NoChecksum { get; set; }

    protected override void CheckParameters()
        => _destinations = new Destinations(FilePaths.Literal(SessionState, Destination), Destination);

    protected override void Process(string path)
    {
        using var image = Open(path);
        var format = TargetFormat();
        var destination = _destinations!.For(path, format);
        var source = image.Info.Subformat is { } subformat ? $"{image.Format.Name} ({subformat})" : image.Format.Name;
        if (!Confirm($"Convert '{path}' ({source}) to '{destination}' ({format.Name}).", $"Convert '{path}' to '{destination}'?"))
            return;
        foreach (var notice in image.Info.Notices)
            Warn($"{path}: {notice}");
        if (_destinations.IsFolder)
            Directory.CreateDirectory(System.IO.Path.GetDirectoryName(destination)!);
        var options = Options($"Converting {System.IO.Path.GetFileName(path)} to {format.Name}");
        Emit(new DiskConversionResult(path, source, DiskConversion.Run(image, destination, format, options, Force)));
    }

    private DiskImage Open(string path)
    {
        var image = SourceImage.Open(path, SourceDiskFormat);
        return SkipFreeSpace
            ? FreeSpaceMap.Trim(image, volume => Tell(volume.Doubt is { } doubt ? $"{path}, {volume.Volume}: copied wholly, for it {doubt}." : $"{path}, {volume.Volume}: {ByteSize.Text(volume.FreeBytes)} of free space are left out."), Cancel)
            : image;
    }

    /// <summary>What -DiskFormat says, else what the destination's extension says, else qcow2.</summary>
    private DiskFormat TargetFormat()
    {
        if (DiskFormat is not null)
            return DiskFormats.Find(DiskFormat)!;
        var extension = _destinations!.IsFolder ? "" : System.IO.Path.GetExtension(Destination);
        return DiskFormatAttribute.Choices(writable: true).FirstOrDefault(f => string.Equals(f.Extension, extension, StringComparison.OrdinalIgnoreCase)) ?? Qcow2Format.Instance;
    }

    private EncodeOptions Options(string activity) => new()
    {
        Compression = Compression,
        Subformat = Subformat,
        ClusterSizeBytes = ClusterSize == 0 ? null : ClusterSize,
        Verify = !SkipVerify,
        Checksums = (NoChecksum ? ChecksumKinds.None : ChecksumKinds.Default) | (RawChecksum ? ChecksumKinds.RawSha256 : ChecksumKinds.None),
        Progress = CopyProgress(activity),
        Cancel = Cancel,
    };
}
