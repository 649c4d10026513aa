using System.Collections;
using System.Management.Automation;

namespace OsMigrate.Shell.Cmdlets.Objects;

[Cmdlet(VerbsCommon.Add, "Member", DefaultParameterSetName = "Pairs")]
public sealed class AddMemberCommand : PSCmdlet
{
    [Parameter(Mandatory = true, ValueFromPipeline = true)]
    public PSObject InputObject { get; set; } = new();

    [Parameter(Mandatory = true, Position = 0, ParameterSetName = "Pairs")]
    public IDictionary? NotePropertyMembers { get; set; }

    [Parameter(Mandatory = true, Position = 0, ParameterSetName = "Note")]
    public string NotePropertyName { get; set; } = "";

    [Parameter(Mandatory = true, Position = 1, ParameterSetName = "Note")]
    [AllowNull]
    public object? NotePropertyValue { get; set; }

    [Parameter(Mandatory = true, Position = 0, ParameterSetName = "Member")]
    [Alias("Type")]
    public PSMemberTypes MemberType { get; set; }

    [Parameter(Mandatory = true, Position = 1, ParameterSetName = "Member")]
    public string Name { get; set; } = "";

    [Parameter(Position = 2, ParameterSetName = "Member")]
    [AllowNull]
    public object? Value { get; set; }

    [Parameter]
    public SwitchParameter Force { get; set; }

    [Parameter]
    public SwitchParameter PassThru { get; set; }

    protected override void ProcessRecord()
    {
        switch (ParameterSetName)
        {
            case "Note": Add(new PSNoteProperty(NotePropertyName, NotePropertyValue)); break;
            case "Member": Add(Member()); break;
            default:
                foreach (DictionaryEntry pair in NotePropertyMembers!)
                    Add(new PSNoteProperty(pair.Key.ToString(), pair.Value));
                break;
        }

        if (PassThru)
            WriteObject(InputObject);
    }

    private PSMemberInfo Member() => MemberType switch
    {
        PSMemberTypes.NoteProperty => new PSNoteProperty(Name, Value),
        PSMemberTypes.AliasProperty => new PSAliasProperty(Name, LanguagePrimitives.ConvertTo<string>(Value)),
        PSMemberTypes.ScriptProperty => new PSScriptProperty(Name, LanguagePrimitives.ConvertTo<ScriptBlock>(Value)),
        PSMemberTypes.ScriptMethod => new PSScriptMethod(Name, LanguagePrimitives.ConvertTo<ScriptBlock>(Value)),
        _ => throw new PSArgumentException($"Members of type {MemberType} cannot be added here: NoteProperty, AliasProperty, ScriptProperty and ScriptMethod can."),
    };

    private void Add(PSMemberInfo member)
    {
        if (InputObject.Members[member.Name] is not null)
        {
            if (!Force)
            {
                WriteError(new ErrorRecord(new InvalidOperationException($"The object already has a member named {member.Name}; -Force replaces it."), "MemberAlreadyExists", ErrorCategory.ResourceExists, InputObject));
                return;
            }

            InputObject.Members.Remove(member.Name);
        }

        InputObject.Members.Add(member);
    }
}
