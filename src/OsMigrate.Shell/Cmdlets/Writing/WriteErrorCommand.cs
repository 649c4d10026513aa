using System.Management.Automation;

namespace OsMigrate.Shell.Cmdlets.Writing;

[Cmdlet(VerbsCommunications.Write, "Error", DefaultParameterSetName = "Message")]
public sealed class WriteErrorCommand : PSCmdlet
{
    [Parameter(Position = 0, Mandatory = true, ValueFromPipeline = true, ParameterSetName = "Message")]
    [Parameter(ParameterSetName = "Exception")]
    [Alias("Msg")]
    [AllowEmptyString]
    public string Message { get; set; } = "";

    [Parameter(Mandatory = true, ParameterSetName = "Exception")]
    public Exception? Exception { get; set; }

    [Parameter(Mandatory = true, ParameterSetName = "ErrorRecord")]
    public ErrorRecord? ErrorRecord { get; set; }

    [Parameter]
    public ErrorCategory Category { get; set; } = ErrorCategory.NotSpecified;

    [Parameter]
    public string ErrorId { get; set; } = "Microsoft.PowerShell.Commands.WriteErrorException";

    [Parameter]
    public object? TargetObject { get; set; }

    [Parameter]
    public string? RecommendedAction { get; set; }

    [Parameter]
    [Alias("Activity")]
    public string? CategoryActivity { get; set; }

    protected override void ProcessRecord()
    {
        var record = ErrorRecord is null
            ? new ErrorRecord(Exception ?? new RuntimeException(Message), ErrorId, Category, TargetObject)
            : new ErrorRecord(ErrorRecord, ErrorRecord.Exception);
        if (Message.Length > 0 || RecommendedAction is not null)
            record.ErrorDetails = new ErrorDetails(Message.Length > 0 ? Message : record.ToString()) { RecommendedAction = RecommendedAction };
        if (CategoryActivity is not null)
            record.CategoryInfo.Activity = CategoryActivity;

        // $? is false after this command, as after any other that failed.
        WriteError(record);
    }
}
