using OsMigrate.Bytes;

namespace OsMigrate.Disks.InPlace;

/// <summary>A disk image that is changed in its own file. Until <see cref="Commit"/> all changes lie in memory; then they reach the file behind an <see cref="UndoJournal"/>.</summary>
public sealed class InPlaceImage : IDisposable
{
    private readonly FileStore _file;
    private readonly StagedStore _staged;
    private readonly IInPlaceEditor _editor;

    private InPlaceImage(FileStore file, StagedStore staged, IInPlaceEditor editor, DiskImage image)
        => (_file, _staged, _editor, Disk) = (file, staged, editor, new EditedImage(image));

    /// <summary>The disk, to be read and written.</summary>
    public EditedImage Disk { get; }

    /// <summary>Opens an image for a change in place. Nobody else may write to it meanwhile.</summary>
    /// <param name="formatOf">Tells the format of the file.</param>
    /// <exception cref="OsMigrateException">
    /// <see cref="ErrorIds.BadRequest"/>: images of its kind are not changed in place. <see cref="ErrorIds.EditInterrupted"/>: an earlier change was cut off.
    /// </exception>
    public static InPlaceImage Open(string path, Func<ByteStore, DiskFormat> formatOf)
    {
        UndoJournal.RequireNone(path);
        var file = FileStore.OpenWrite(path);
        try
        {
            var staged = new StagedStore(file);
            var format = formatOf(file);
            var editor = format.EditorFor(staged);
            return new InPlaceImage(file, staged, editor, format.Open(staged, Siblings.Of(path)));
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    /// <summary>Writes the changes. Once, and the disk is not read afterwards.</summary>
    /// <param name="keepUndoAs">File to keep what was overwritten in, for <see cref="UndoJournal.TakeBack"/>; null to keep nothing.</param>
    /// <returns>Bytes that were written to the file.</returns>
    public long Commit(string? keepUndoAs)
    {
        if (keepUndoAs is not null && File.Exists(keepUndoAs))
            throw new OsMigrateException(ErrorIds.FileExists, ErrorKind.AlreadyExists, $"'{keepUndoAs}' exists already.", keepUndoAs);
        _editor.Stage(Disk, Disk.EditedPages);
        return UndoJournal.Apply(_file, _staged, keepUndoAs);
    }

    public void Dispose()
    {
        Disk.Dispose();
        _file.Dispose();
    }

    internal static OsMigrateException NotInPlace(string path, string why)
        => new(ErrorIds.BadRequest, ErrorKind.NotSupported, $"'{path}' cannot be changed in place: {why}.", path) { Advice = "Write the changed disk to a new file with -Destination; the old file stays as it is." };
}
