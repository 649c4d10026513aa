using System.Management.Automation;
using OsMigrate.Shell.Cmdlets.Items;

namespace OsMigrate.Shell.Cmdlets.Paths;

[Cmdlet(VerbsDiagnostic.Test, "Path", DefaultParameterSetName = "Path")]
[OutputType(typeof(bool))]
public sealed class TestPathCommand : PSCmdlet
{
    [Parameter(Mandatory = true, Position = 0, ParameterSetName = "Path", ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [AllowNull]
    [AllowEmptyString]
    public string?[] Path { get; set; } = [];

    [Parameter(Mandatory = true, ParameterSetName = "LiteralPath", ValueFromPipelineByPropertyName = true)]
    [Alias("PSPath", "LP")]
    public string?[] LiteralPath { get; set; } = [];

    [Parameter]
    [Alias("Type")]
    [ValidateSet("Any", "Container", "Leaf")]
    public string PathType { get; set; } = "Any";

    [Parameter]
    public SwitchParameter IsValid { get; set; }

    protected override void ProcessRecord()
    {
        var literal = ParameterSetName == "LiteralPath";
        foreach (var path in literal ? LiteralPath : Path)
            WriteObject(!string.IsNullOrEmpty(path) && (IsValid ? SessionState.Path.IsValid(path) : Exists(path, literal)));
    }

    private bool Exists(string path, bool literal)
    {
        try
        {
            return InvokeProvider.Item.Exists(path, force: true, literal)
                && (PathType == "Any" || InvokeProvider.Item.IsContainer(literal ? WildcardPattern.Escape(path) : path) == (PathType == "Container"));
        }
        catch (Exception error) when (error is DriveNotFoundException or ProviderNotFoundException or ItemNotFoundException or NotSupportedException)
        {
            return false;
        }
    }
}

[Cmdlet(VerbsCommon.Join, "Path")]
[OutputType(typeof(string))]
public sealed class JoinPathCommand : PSCmdlet
{
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [Alias("PSPath")]
    public string[] Path { get; set; } = [];

    [Parameter(Mandatory = true, Position = 1)]
    [AllowNull]
    [AllowEmptyString]
    public string? ChildPath { get; set; }

    [Parameter(Position = 2, ValueFromRemainingArguments = true)]
    [AllowEmptyCollection]
    public string[] AdditionalChildPath { get; set; } = [];

    [Parameter]
    public SwitchParameter Resolve { get; set; }

    protected override void ProcessRecord()
    {
        foreach (var path in Path)
        {
            var joined = AdditionalChildPath.Prepend(ChildPath ?? "").Aggregate(path, SessionState.Path.Combine);
            if (Resolve)
                WriteObject(ItemPaths.Resolve(this, joined, literal: false), enumerateCollection: true);
            else
                WriteObject(joined);
        }
    }
}

[Cmdlet(VerbsCommon.Split, "Path", DefaultParameterSetName = "Parent")]
[OutputType(typeof(string), typeof(bool))]
public sealed class SplitPathCommand : PSCmdlet
{
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [Alias("LiteralPath", "PSPath")]
    public string[] Path { get; set; } = [];

    [Parameter(ParameterSetName = "Parent")]
    public SwitchParameter Parent { get; set; }

    [Parameter(Mandatory = true, ParameterSetName = "Leaf")]
    public SwitchParameter Leaf { get; set; }

    [Parameter(Mandatory = true, ParameterSetName = "LeafBase")]
    public SwitchParameter LeafBase { get; set; }

    [Parameter(Mandatory = true, ParameterSetName = "Extension")]
    public SwitchParameter Extension { get; set; }

    [Parameter(Mandatory = true, ParameterSetName = "Qualifier")]
    public SwitchParameter Qualifier { get; set; }

    [Parameter(Mandatory = true, ParameterSetName = "NoQualifier")]
    public SwitchParameter NoQualifier { get; set; }

    [Parameter(Mandatory = true, ParameterSetName = "IsAbsolute")]
    public SwitchParameter IsAbsolute { get; set; }

    protected override void ProcessRecord() => Array.ForEach(Path, path => WriteObject(Part(path)));

    private object Part(string path)
    {
        var colon = path.IndexOf(':', StringComparison.Ordinal);
        return ParameterSetName switch
        {
            "Leaf" => SessionState.Path.ParseChildName(path),
            "LeafBase" => System.IO.Path.GetFileNameWithoutExtension(SessionState.Path.ParseChildName(path)),
            "Extension" => System.IO.Path.GetExtension(SessionState.Path.ParseChildName(path)),
            "Qualifier" => path[..(colon + 1)],
            "NoQualifier" => path[(colon + 1)..],
            "IsAbsolute" => SessionState.Path.IsPSAbsolute(path, out _) || System.IO.Path.IsPathRooted(path),
            _ => SessionState.Path.ParseParent(path, ""),
        };
    }
}

[Cmdlet(VerbsDiagnostic.Resolve, "Path", DefaultParameterSetName = "Path")]
[OutputType(typeof(PathInfo), typeof(string))]
public sealed class ResolvePathCommand : PathsCmdlet
{
    [Parameter]
    public SwitchParameter Relative { get; set; }

    protected override void ProcessRecord()
    {
        foreach (var path in Existing())
        {
            if (Relative)
                WriteObject(RelativeTo(SessionState.Path.CurrentLocation.Path, path));
            else
                WriteObject(SessionState.Path.GetResolvedPSPathFromPSPath(WildcardPattern.Escape(path)), enumerateCollection: true);
        }
    }

    private static string RelativeTo(string location, string path)
    {
        var relative = System.IO.Path.GetRelativePath(location, path);
        return relative == "." || relative.StartsWith("..", StringComparison.Ordinal) || System.IO.Path.IsPathRooted(relative) ? relative : System.IO.Path.Combine(".", relative);
    }
}

[Cmdlet(VerbsData.Convert, "Path", DefaultParameterSetName = "Path")]
[OutputType(typeof(string))]
public sealed class ConvertPathCommand : PathsCmdlet
{
    protected override void ProcessRecord()
        => WriteObject(Given.SelectMany(path => ItemPaths.ResolveFiles(this, path, IsLiteral)), enumerateCollection: true);
}
