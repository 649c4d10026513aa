using System.Management.Automation;

namespace OsMigrate.Shell.Cmdlets.Items;

/// <summary>A command on existing items, named by -Path (with wildcards), by -LiteralPath or by the pipeline.</summary>
public abstract class PathsCmdlet : PSCmdlet
{
    [Parameter(Mandatory = true, Position = 0, ParameterSetName = "Path", ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    public string[] Path { get; set; } = [];

    [Parameter(Mandatory = true, ParameterSetName = "LiteralPath", ValueFromPipelineByPropertyName = true)]
    [Alias("PSPath", "LP")]
    public string[] LiteralPath { get; set; } = [];

    private protected bool IsLiteral => ParameterSetName == "LiteralPath";

    private protected string[] Given => IsLiteral ? LiteralPath : Path;

    private protected IEnumerable<string> Existing() => Given.SelectMany(path => ItemPaths.Resolve(this, path, IsLiteral));

    /// <summary>Does something on one item; a failure is an error of that item alone.</summary>
    private protected void Try(object target, Action action)
    {
        try
        {
            action();
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or ProviderInvocationException or ItemNotFoundException or PSInvalidOperationException or PSArgumentException or PSNotSupportedException)
        {
            WriteError(error is RuntimeException known && known.ErrorRecord is { } record
                ? new ErrorRecord(record, error)
                : new ErrorRecord(error, error.GetType().Name, ErrorCategory.WriteError, target));
        }
    }
}
