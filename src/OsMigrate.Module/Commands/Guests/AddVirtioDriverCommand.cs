using System.Management.Automation;
using OsMigrate.Disks;
using OsMigrate.Disks.Copying;
using OsMigrate.Disks.Qcow2;
using OsMigrate.Guests;
using OsMigrate.Guests.Windows.Drivers;
using OsMigrate.Module.Output;
using OsMigrate.Module.Parameters;
using OsMigrate.Module.Pipeline;

namespace OsMigrate.Module.Commands.Guests;

/// <summary>Gives a Windows the virtio drivers it needs to start on KVM, and writes the changed disk to a new file.</summary>
[Cmdlet(VerbsCommon.Add, "VirtioDriver", DefaultParameterSetName = ByPath, SupportsShouldProcess = true)]
[OutputType(typeof(PreparedGuest))]
public sealed class AddVirtioDriverCommand : PathCmdlet
{
    private Destinations? _destinations;
    private string _media = "";

    [Parameter(Mandatory = true, Position = 1)]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(FileCompleter))]
    public string Destination { get; set; } = "";

    [Parameter(Mandatory = true)]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(FileCompleter))]
    public string VirtioDriver { get; set; } = "";

    [Parameter]
    public InjectionWay InjectionWay { get; set; }

    [Parameter]
    [DiskFormat(Writable = true)]
    [ArgumentCompleter(typeof(WritableDiskFormatCompleter))]
    public string? DiskFormat { get; set; }

    [Parameter]
    [DiskFormat]
    [ArgumentCompleter(typeof(DiskFormatCompleter))]
    public string? SourceDiskFormat { get; set; }

    [Parameter]
    public SwitchParameter Force { get; set; }

    protected override void CheckParameters()
    {
        _destinations = new Destinations(FilePaths.Literal(SessionState, Destination), Destination);
        _media = FilePaths.Literal(SessionState, VirtioDriver);
    }

    protected override void Process(string path)
    {
        using var media = VirtioMedia.Open(_media);
        using var image = new EditedImage(SourceImage.Open(path, SourceDiskFormat));
        var format = DiskFormat is null ? Qcow2Format.Instance : DiskFormats.Find(DiskFormat)!;
        var destination = _destinations!.For(path, format);
        var prepared = GuestPreparation.Run(new GuestDisks([image]), new PreparationOptions { Media = media, Way = InjectionWay, Cancel = Cancel });
        foreach (var warning in prepared.Warnings)
            Warn($"{path}: {warning}");
        // All changes are known by now, and none is on a disk yet.
        var changes = prepared.Changes.Select(static c => c.ToString()).Prepend($"Change {prepared.System.ProductName} of '{path}' and write it to '{destination}' ({format.Name}):");
        if (!Confirm(string.Join(Environment.NewLine + "  ", changes), $"Write the changed disk to '{destination}'?"))
            return;
        if (_destinations.IsFolder)
            Directory.CreateDirectory(System.IO.Path.GetDirectoryName(destination)!);
        var options = new EncodeOptions { Progress = CopyProgress($"Writing {System.IO.Path.GetFileName(destination)}"), Cancel = Cancel };
        Emit(new PreparedGuest(path, prepared, DiskConversion.Run(image, destination, format, options, Force)));
    }
}
