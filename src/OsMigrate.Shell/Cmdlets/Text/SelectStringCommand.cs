using System.Management.Automation;
using System.Text;
using System.Text.RegularExpressions;
using OsMigrate.Shell.Cmdlets.Items;
using OsMigrate.Shell.Cmdlets.Objects;

namespace OsMigrate.Shell.Cmdlets.Text;

/// <summary>A line that matched.</summary>
public sealed record LineMatch(string Path, int LineNumber, string Line, string Pattern, IReadOnlyList<Match> Matches)
{
    public string Filename => System.IO.Path.GetFileName(Path);

    /// <summary>What the engine's view of matches calls.</summary>
    public string ToEmphasizedString(string directory)
        => Path == "InputStream" ? Line : $"{System.IO.Path.GetRelativePath(directory, Path)}:{LineNumber}:{Line}";

    public override string ToString() => Path == "InputStream" ? Line : $"{Path}:{LineNumber}:{Line}";
}

[Cmdlet(VerbsCommon.Select, "String", DefaultParameterSetName = "Input")]
[OutputType(typeof(LineMatch), typeof(bool))]
public sealed class SelectStringCommand : PSCmdlet
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);
    private Regex[] _patterns = [];
    private int _inputLine;
    private bool _found;

    [Parameter(ValueFromPipeline = true, Mandatory = true, ParameterSetName = "Input")]
    [AllowNull]
    [AllowEmptyString]
    public PSObject? InputObject { get; set; }

    [Parameter(Mandatory = true, Position = 0)]
    public string[] Pattern { get; set; } = [];

    [Parameter(Mandatory = true, Position = 1, ParameterSetName = "File", ValueFromPipelineByPropertyName = true)]
    [Alias("FullName", "PSPath", "LiteralPath")]
    public string[] Path { get; set; } = [];

    [Parameter]
    public SwitchParameter SimpleMatch { get; set; }

    [Parameter]
    public SwitchParameter CaseSensitive { get; set; }

    [Parameter]
    public SwitchParameter NotMatch { get; set; }

    [Parameter]
    public SwitchParameter AllMatches { get; set; }

    [Parameter]
    public SwitchParameter List { get; set; }

    [Parameter]
    public SwitchParameter Quiet { get; set; }

    [Parameter]
    public SwitchParameter Raw { get; set; }

    [Parameter]
    [EncodingName]
    public Encoding Encoding { get; set; } = EncodingNameAttribute.Default;

    protected override void BeginProcessing()
    {
        var options = CaseSensitive ? RegexOptions.None : RegexOptions.IgnoreCase;
        _patterns = [.. Pattern.Select(pattern => new Regex(SimpleMatch ? Regex.Escape(pattern) : pattern, options, Patience))];
    }

    protected override void ProcessRecord()
    {
        foreach (var file in Path.SelectMany(path => ItemPaths.ResolveFiles(this, path, literal: false)))
        {
            var number = 0;
            foreach (var line in File.ReadLines(file, Encoding))
            {
                if (Try(file, ++number, line) && (List || Quiet))
                    break;
            }
        }

        if (InputObject?.BaseObject is FileInfo listed)
        {
            var number = 0;
            foreach (var line in File.ReadLines(listed.FullName, Encoding))
                Try(listed.FullName, ++number, line);
        }
        else if (ParameterSetName == "Input")
        {
            Try("InputStream", ++_inputLine, ValueOrder.Text(InputObject));
        }
    }

    protected override void EndProcessing()
    {
        if (Quiet)
            WriteObject(_found);
    }

    private bool Try(string path, int number, string line)
    {
        var pattern = Array.Find(_patterns, candidate => candidate.IsMatch(line));
        if (pattern is null != NotMatch)
            return false;
        _found = true;
        if (Quiet)
            return true;
        var matches = pattern is null ? [] : AllMatches ? pattern.Matches(line).ToArray() : [pattern.Match(line)];
        if (Raw)
            WriteObject(line);
        else
            WriteObject(Shown(new LineMatch(path, number, line, pattern?.ToString() ?? Pattern[0], matches)));
        return true;
    }

    private static PSObject Shown(LineMatch match)
    {
        var shown = PSObject.AsPSObject(match);
        shown.TypeNames.Insert(0, "Microsoft.PowerShell.Commands.MatchInfo");
        return shown;
    }
}
