using System.Management.Automation;

namespace OsMigrate.Shell.Cmdlets.Items;

[Cmdlet(VerbsCommon.Get, "Item", DefaultParameterSetName = "Path")]
public sealed class GetItemCommand : PathsCmdlet
{
    [Parameter]
    public SwitchParameter Force { get; set; }

    protected override void ProcessRecord()
    {
        foreach (var path in Given)
            Try(path, () => WriteObject(InvokeProvider.Item.Get([path], Force, IsLiteral), enumerateCollection: true));
    }
}

[Cmdlet(VerbsCommon.New, "Item", SupportsShouldProcess = true)]
public sealed class NewItemCommand : PSCmdlet
{
    [Parameter(Position = 0, ValueFromPipelineByPropertyName = true)]
    public string[] Path { get; set; } = ["."];

    [Parameter(ValueFromPipelineByPropertyName = true)]
    public string? Name { get; set; }

    [Parameter]
    [Alias("Type")]
    public string? ItemType { get; set; }

    [Parameter(ValueFromPipeline = true)]
    [Alias("Target")]
    public object? Value { get; set; }

    [Parameter]
    public SwitchParameter Force { get; set; }

    protected override void ProcessRecord()
    {
        foreach (var path in Path)
        {
            if (!ShouldProcess(Name is null ? path : SessionState.Path.Combine(path, Name), "Create " + (ItemType ?? "File")))
                continue;
            try
            {
                WriteObject(InvokeProvider.Item.New([path], Name, ItemType, Value, Force), enumerateCollection: true);
            }
            catch (Exception error) when (error is IOException or UnauthorizedAccessException or RuntimeException and not PipelineStoppedException)
            {
                WriteError(error is RuntimeException known ? new ErrorRecord(known.ErrorRecord, error) : new ErrorRecord(error, "NewItemFailed", ErrorCategory.WriteError, path));
            }
        }
    }
}

[Cmdlet(VerbsCommon.Remove, "Item", SupportsShouldProcess = true, DefaultParameterSetName = "Path")]
public sealed class RemoveItemCommand : PathsCmdlet
{
    [Parameter]
    public SwitchParameter Recurse { get; set; }

    [Parameter]
    public SwitchParameter Force { get; set; }

    protected override void ProcessRecord()
    {
        foreach (var path in Existing())
        {
            if (!Recurse && InvokeProvider.ChildItem.HasChild(path, force: true, literalPath: true))
            {
                WriteError(new ErrorRecord(new IOException($"The folder '{path}' is not empty, and -Recurse was not given."), "DirectoryNotEmpty", ErrorCategory.WriteError, path));
                continue;
            }

            if (ShouldProcess(path, "Remove"))
                Try(path, () => InvokeProvider.Item.Remove([path], Recurse, Force, literalPath: true));
        }
    }
}

[Cmdlet(VerbsCommon.Copy, "Item", SupportsShouldProcess = true, DefaultParameterSetName = "Path")]
public sealed class CopyItemCommand : PathsCmdlet
{
    [Parameter(Position = 1)]
    public string Destination { get; set; } = ".";

    [Parameter]
    public SwitchParameter Recurse { get; set; }

    [Parameter]
    public SwitchParameter Force { get; set; }

    protected override void ProcessRecord()
    {
        foreach (var path in Existing().Where(path => ShouldProcess(path, $"Copy to {Destination}")))
            Try(path, () => InvokeProvider.Item.Copy([path], Destination, Recurse, CopyContainers.CopyTargetContainer, Force, literalPath: true));
    }
}

[Cmdlet(VerbsCommon.Move, "Item", SupportsShouldProcess = true, DefaultParameterSetName = "Path")]
public sealed class MoveItemCommand : PathsCmdlet
{
    [Parameter(Position = 1)]
    public string Destination { get; set; } = ".";

    [Parameter]
    public SwitchParameter Force { get; set; }

    protected override void ProcessRecord()
    {
        foreach (var path in Existing().Where(path => ShouldProcess(path, $"Move to {Destination}")))
            Try(path, () => InvokeProvider.Item.Move([path], Destination, Force, literalPath: true));
    }
}

[Cmdlet(VerbsCommon.Rename, "Item", SupportsShouldProcess = true, DefaultParameterSetName = "Path")]
public sealed class RenameItemCommand : PathsCmdlet
{
    [Parameter(Mandatory = true, Position = 1)]
    public string NewName { get; set; } = "";

    [Parameter]
    public SwitchParameter Force { get; set; }

    protected override void ProcessRecord()
    {
        foreach (var path in Existing().Where(path => ShouldProcess(path, $"Rename to {NewName}")))
            Try(path, () => InvokeProvider.Item.Rename(path, NewName, Force));
    }
}
