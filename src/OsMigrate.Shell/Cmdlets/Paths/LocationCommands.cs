using System.Management.Automation;

namespace OsMigrate.Shell.Cmdlets.Paths;

[Cmdlet(VerbsCommon.Get, "Location")]
[OutputType(typeof(PathInfo))]
public sealed class GetLocationCommand : PSCmdlet
{
    protected override void EndProcessing() => WriteObject(SessionState.Path.CurrentLocation);
}

[Cmdlet(VerbsCommon.Set, "Location")]
public sealed class SetLocationCommand : PSCmdlet
{
    [Parameter(Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [Alias("LiteralPath", "PSPath")]
    public string Path { get; set; } = "~";

    [Parameter]
    public SwitchParameter PassThru { get; set; }

    protected override void ProcessRecord()
    {
        Locations.Change(this, Path);
        if (PassThru)
            WriteObject(SessionState.Path.CurrentLocation);
    }
}

[Cmdlet(VerbsCommon.Push, "Location")]
public sealed class PushLocationCommand : PSCmdlet
{
    [Parameter(Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [Alias("LiteralPath", "PSPath")]
    public string? Path { get; set; }

    [Parameter]
    public string StackName { get; set; } = "";

    protected override void ProcessRecord()
    {
        SessionState.Path.PushCurrentLocation(StackName);
        if (Path is not null)
            Locations.Change(this, Path);
    }
}

[Cmdlet(VerbsCommon.Pop, "Location")]
public sealed class PopLocationCommand : PSCmdlet
{
    [Parameter]
    public string StackName { get; set; } = "";

    protected override void ProcessRecord() => SessionState.Path.PopLocation(StackName);
}

internal static class Locations
{
    /// <summary>A folder that does not exist ends the command: what follows would happen in the wrong place.</summary>
    public static void Change(PSCmdlet command, string path)
    {
        try
        {
            command.SessionState.Path.SetLocation(path);
        }
        catch (Exception error) when (error is ItemNotFoundException or DriveNotFoundException or ProviderNotFoundException or PSArgumentException)
        {
            command.ThrowTerminatingError(new ErrorRecord(((IContainsErrorRecord)error).ErrorRecord, error));
        }
    }
}
