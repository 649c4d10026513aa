using System.Management.Automation;

namespace OsMigrate.Shell.Cmdlets.Items;

[Cmdlet(VerbsCommon.Get, "ChildItem", DefaultParameterSetName = "Path")]
public sealed class GetChildItemCommand : PSCmdlet
{
    [Parameter(Position = 0, ParameterSetName = "Path", ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    public string[] Path { get; set; } = ["."];

    [Parameter(Mandatory = true, ParameterSetName = "LiteralPath", ValueFromPipelineByPropertyName = true)]
    [Alias("PSPath", "LP")]
    public string[] LiteralPath { get; set; } = [];

    [Parameter(Position = 1)]
    public string? Filter { get; set; }

    [Parameter]
    public string[]? Include { get; set; }

    [Parameter]
    public string[]? Exclude { get; set; }

    [Parameter]
    [Alias("s")]
    public SwitchParameter Recurse { get; set; }

    [Parameter]
    [ValidateRange(0, int.MaxValue)]
    public int Depth { get; set; } = -1;

    [Parameter]
    public SwitchParameter File { get; set; }

    [Parameter]
    [Alias("ad")]
    public SwitchParameter Directory { get; set; }

    [Parameter]
    public SwitchParameter Name { get; set; }

    [Parameter]
    public SwitchParameter Force { get; set; }

    protected override void ProcessRecord()
    {
        var literal = ParameterSetName == "LiteralPath";
        foreach (var path in literal ? LiteralPath : Path)
        {
            try
            {
                var deep = Recurse || Depth >= 0;
                var found = InvokeProvider.ChildItem.Get([path], deep, Depth >= 0 ? (uint)Depth : uint.MaxValue, Force, literal);
                foreach (var item in found.Where(IsWanted))
                    WriteObject(Name ? item.Properties["PSChildName"]?.Value : item);
            }
            catch (Exception error) when (error is ItemNotFoundException or DriveNotFoundException or ProviderNotFoundException or ProviderInvocationException)
            {
                WriteError(new ErrorRecord(((RuntimeException)error).ErrorRecord, error));
            }
        }
    }

    private bool IsWanted(PSObject item)
    {
        var folder = item.Properties["PSIsContainer"]?.Value is true;
        if ((File && folder) || (Directory && !folder))
            return false;
        var name = item.Properties["PSChildName"]?.Value as string ?? "";
        return (Filter is null || Matches(Filter, name)) && (Include is null || Array.Exists(Include, pattern => Matches(pattern, name)))
            && !Array.Exists(Exclude ?? [], pattern => Matches(pattern, name));
    }

    private static bool Matches(string pattern, string name) => WildcardPattern.Get(pattern, WildcardOptions.IgnoreCase).IsMatch(name);
}
