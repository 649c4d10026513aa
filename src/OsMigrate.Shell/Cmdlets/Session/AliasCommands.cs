using System.Management.Automation;

namespace OsMigrate.Shell.Cmdlets.Session;

[Cmdlet(VerbsCommon.Get, "Alias")]
[OutputType(typeof(AliasInfo))]
public sealed class GetAliasCommand : PSCmdlet
{
    [Parameter(Position = 0, ValueFromPipeline = true)]
    public string[] Name { get; set; } = ["*"];

    protected override void ProcessRecord()
    {
        foreach (var name in Name)
            WriteObject(InvokeCommand.GetCommands(name, CommandTypes.Alias, nameIsPattern: WildcardPattern.ContainsWildcardCharacters(name)).OrderBy(alias => alias.Name, StringComparer.OrdinalIgnoreCase), enumerateCollection: true);
    }
}

[Cmdlet(VerbsCommon.Set, "Alias")]
public sealed class SetAliasCommand : PSCmdlet
{
    [Parameter(Mandatory = true, Position = 0)]
    public string Name { get; set; } = "";

    [Parameter(Mandatory = true, Position = 1)]
    public string Value { get; set; } = "";

    protected override void EndProcessing() => InvokeProvider.Item.Set(["alias:" + Name], Value, force: true, literalPath: false);
}

[Cmdlet(VerbsCommon.New, "Alias")]
public sealed class NewAliasCommand : PSCmdlet
{
    [Parameter(Mandatory = true, Position = 0)]
    public string Name { get; set; } = "";

    [Parameter(Mandatory = true, Position = 1)]
    public string Value { get; set; } = "";

    protected override void EndProcessing()
    {
        if (InvokeCommand.GetCommand(Name, CommandTypes.Alias) is not null)
            ThrowTerminatingError(new ErrorRecord(new SessionStateException($"The alias '{Name}' already exists."), "AliasAlreadyExists", ErrorCategory.ResourceExists, Name));
        InvokeProvider.Item.Set(["alias:" + Name], Value, force: false, literalPath: false);
    }
}
