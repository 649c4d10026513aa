using System.Management.Automation;
using OsMigrate.Bytes;
using OsMigrate.Disks;
using OsMigrate.Disks.Copying;
using OsMigrate.Disks.InPlace;
using OsMigrate.Disks.Qcow2;
using OsMigrate.Guests;
using OsMigrate.Module.Output;
using OsMigrate.Module.Parameters;

namespace OsMigrate.Module.Pipeline;

/// <summary>A cmdlet that changes the guest on a disk image, and writes the changed disk to a new file, or into its own when asked to.</summary>
public abstract class GuestEditCmdlet : PathCmdlet
{
    private Destinations? _destinations;
    private Destinations? _undo;

    [Parameter(Position = 1)]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(FileCompleter))]
    public string? Destination { get; set; }

    [Parameter]
    public SwitchParameter InPlace { get; set; }

    [Parameter]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(FileCompleter))]
    public string? UndoFile { get; set; }

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

    /// <summary>Changes the guest; nothing reaches a file here.</summary>
    private protected abstract PreparationResult Edit(GuestDisks disks);

    /// <summary>False when the cmdlet works on machines this time, which have no files to write.</summary>
    private protected virtual bool WorksOnFiles => true;

    /// <summary>True when a guest without anything to change needs no file either.</summary>
    private protected virtual bool NeedsChanges => false;

    protected override void CheckParameters()
    {
        if (!WorksOnFiles)
            return;
        if (InPlace == (Destination is not null))
            throw new OsMigrateException(ErrorIds.BadRequest, ErrorKind.InvalidArgument, "Give -Destination for a new file, or -InPlace to change the disk image itself: one of the two.");
        if (UndoFile is not null && !InPlace)
            throw new OsMigrateException(ErrorIds.BadRequest, ErrorKind.InvalidArgument, "-UndoFile has no meaning without -InPlace.");
        if (InPlace && DiskFormat is not null)
            throw new OsMigrateException(ErrorIds.BadRequest, ErrorKind.InvalidArgument, "-DiskFormat has no meaning with -InPlace: the image keeps its format.");
        if (Destination is not null)
            _destinations = new Destinations(FilePaths.Literal(SessionState, Destination), Destination);
        if (UndoFile is not null)
            _undo = new Destinations(FilePaths.Literal(SessionState, UndoFile), UndoFile);
    }

    protected sealed override void Process(string path)
    {
        if (InPlace)
            EditInPlace(path);
        else
            EditToNewFile(path);
    }

    private void EditInPlace(string path)
    {
        using var image = InPlaceImage.Open(path, file => SourceImage.FormatOf(file, path, SourceDiskFormat));
        var prepared = Edit(new GuestDisks([image.Disk]));
        if (!Agreed(prepared, path, $"Change {prepared.System.ProductName} in '{path}', in place:", $"Change '{path}' in place?"))
            return;
        var undo = _undo?.For(path, ".undo");
        if (_undo is { IsFolder: true })
            Directory.CreateDirectory(System.IO.Path.GetDirectoryName(undo!)!);
        Emit(new PreparedGuest(path, prepared, image.Commit(undo), undo));
    }

    private void EditToNewFile(string path)
    {
        using var image = new EditedImage(SourceImage.Open(path, SourceDiskFormat));
        var format = DiskFormat is null ? Qcow2Format.Instance : DiskFormats.Find(DiskFormat)!;
        var destination = _destinations!.For(path, format);
        var prepared = Edit(new GuestDisks([image]));
        if (!Agreed(prepared, path, $"Change {prepared.System.ProductName} of '{path}' and write it to '{destination}' ({format.Name}):", $"Write the changed disk to '{destination}'?"))
            return;
        if (_destinations.IsFolder)
            Directory.CreateDirectory(System.IO.Path.GetDirectoryName(destination)!);
        var options = new EncodeOptions { Progress = CopyProgress($"Writing {System.IO.Path.GetFileName(destination)}"), Cancel = Cancel };
        Emit(new PreparedGuest(path, prepared, DiskConversion.Run(image, destination, format, options, Force)));
    }

    /// <summary>All changes are known by now, and none is on a disk yet: the question lists them.</summary>
    private bool Agreed(PreparationResult prepared, string path, string what, string question)
    {
        foreach (var warning in prepared.Warnings)
            Warn($"{path}: {warning}");
        if (NeedsChanges && prepared.Changes.Count == 0)
        {
            Warn($"{path}: there is nothing to change in {prepared.System.ProductName}.");
            return false;
        }

        return Confirm(string.Join(Environment.NewLine + "  ", prepared.Changes.Select(static c => c.ToString()).Prepend(what)), question);
    }
}
