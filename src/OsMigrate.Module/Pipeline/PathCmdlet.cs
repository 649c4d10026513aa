using System.Management.Automation;
using OsMigrate.Module.Parameters;

namespace OsMigrate.Module.Pipeline;

/// <summary>A cmdlet that works on files, one after the other: by wildcard, by literal path, from the pipeline as strings or files.</summary>
public abstract class PathCmdlet : AsyncCmdlet
{
    protected const string ByPath = "Path";
    protected const string ByLiteralPath = "LiteralPath";

    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true, ParameterSetName = ByPath)]
    [Alias("DiskPath")]
    [NotMachine]
    [ValidateNotNullOrEmpty]
    [SupportsWildcards]
    [ArgumentCompleter(typeof(FileCompleter))]
    public string[] Path { get; set; } = [];

    [Parameter(Mandatory = true, ValueFromPipelineByPropertyName = true, ParameterSetName = ByLiteralPath)]
    [Alias("PSPath", "FullName")]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(FileCompleter))]
    public string[] LiteralPath { get; set; } = [];

    /// <summary>True when a folder will do as well as a file.</summary>
    protected virtual bool TakesFolders => false;

    /// <summary>In the background: works on one file.</summary>
    /// <param name="path">Full path in the file system.</param>
    protected abstract void Process(string path);

    protected override void TakeRecord()
    {
        var literal = string.Equals(ParameterSetName, ByLiteralPath, StringComparison.Ordinal);
        foreach (var given in literal ? LiteralPath : Path)
        {
            foreach (var path in Attempt(given, () => literal ? [FilePaths.Existing(SessionState, given, TakesFolders)] : FilePaths.Expand(SessionState, given, TakesFolders), []))
                Run(path, () => Process(path));
        }
    }
}
