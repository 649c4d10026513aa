using System.Management.Automation;
using OsMigrate.Bytes;
using OsMigrate.Module.Output;
using OsMigrate.Module.Parameters;
using OsMigrate.Module.Pipeline;

namespace OsMigrate.Module.Commands.Guests;

/// <summary>Takes back a change of a disk image in place: one that was cut off, or one whose undo file was kept.</summary>
[Cmdlet(VerbsCommon.Undo, "DiskImageEdit", DefaultParameterSetName = ByPath, SupportsShouldProcess = true)]
[OutputType(typeof(UndoneEdit))]
public sealed class UndoDiskImageEditCommand : PathCmdlet
{
    [Parameter(Position = 1, ValueFromPipelineByPropertyName = true)]
    [ArgumentCompleter(typeof(FileCompleter))]
    public string? UndoFile { get; set; }

    protected override void Process(string path)
    {
        var kept = string.IsNullOrEmpty(UndoFile) ? null : FilePaths.Literal(SessionState, UndoFile!);
        if (Confirm($"Put '{path}' back to what it was before it was changed in place", $"Put '{path}' back?"))
            Emit(new UndoneEdit(path, kept ?? UndoJournal.PathFor(path), UndoJournal.TakeBack(path, kept)));
    }
}
