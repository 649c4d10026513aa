using System.Management.Automation;

namespace OsMigrate.Shell.Cmdlets.Objects;

/// <summary>One member of a type, as Get-Member lists it.</summary>
public sealed record MemberDefinition(string TypeName, string Name, PSMemberTypes MemberType, string Definition);

[Cmdlet(VerbsCommon.Get, "Member")]
[OutputType(typeof(MemberDefinition))]
public sealed class GetMemberCommand : InputCmdlet
{
    private readonly HashSet<string> _shownTypes = [];

    [Parameter(Position = 0)]
    public string[] Name { get; set; } = ["*"];

    [Parameter]
    [Alias("Type")]
    public PSMemberTypes MemberType { get; set; } = PSMemberTypes.All;

    protected override void ProcessRecord()
    {
        if (Current is not { } item || !_shownTypes.Add(item.TypeNames[0]))
            return;
        var patterns = Name.Select(name => WildcardPattern.Get(name, WildcardOptions.IgnoreCase)).ToArray();
        var members = item.Members.Where(member => (member.MemberType & MemberType) != 0 && Array.Exists(patterns, pattern => pattern.IsMatch(member.Name)))
            .Where(member => member is not PSMethodInfo || !IsAccessor(member.Name));
        foreach (var member in members.OrderBy(member => member.MemberType).ThenBy(member => member.Name, StringComparer.OrdinalIgnoreCase))
        {
            var shown = PSObject.AsPSObject(new MemberDefinition(item.TypeNames[0], member.Name, member.MemberType, member.ToString() ?? ""));
            shown.TypeNames.Insert(0, "Microsoft.PowerShell.Commands.MemberDefinition");
            WriteObject(shown);
        }
    }

    private static bool IsAccessor(string name)
        => name.StartsWith("get_", StringComparison.Ordinal) || name.StartsWith("set_", StringComparison.Ordinal)
            || name.StartsWith("add_", StringComparison.Ordinal) || name.StartsWith("remove_", StringComparison.Ordinal) || name.StartsWith("op_", StringComparison.Ordinal);
}
