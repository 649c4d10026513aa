using System.Management.Automation;

namespace OsMigrate.Shell.Cmdlets.Session;

/// <summary>A command on variables. -Scope takes Local (the default), Script, Global and Private.</summary>
public abstract class VariableCmdlet : PSCmdlet
{
    [Parameter]
    [ValidateSet("Local", "Script", "Global", "Private")]
    public string? Scope { get; set; }

    private protected string Scoped(string name) => Scope is null ? name : $"{Scope}:{name}";
}

[Cmdlet(VerbsCommon.Get, "Variable")]
[OutputType(typeof(PSVariable))]
public sealed class GetVariableCommand : VariableCmdlet
{
    [Parameter(Position = 0, ValueFromPipeline = true)]
    public string[] Name { get; set; } = ["*"];

    [Parameter]
    public SwitchParameter ValueOnly { get; set; }

    protected override void ProcessRecord()
    {
        foreach (var name in Name)
        {
            var found = WildcardPattern.ContainsWildcardCharacters(name) ? Matching(name) : SessionState.PSVariable.Get(Scoped(name)) is { } one ? [one] : [];
            if (found.Count == 0 && !WildcardPattern.ContainsWildcardCharacters(name))
                WriteError(new ErrorRecord(new ItemNotFoundException($"Cannot find a variable with the name '{name}'."), "VariableNotFound", ErrorCategory.ObjectNotFound, name));
            foreach (var variable in found)
                WriteObject(ValueOnly ? variable.Value : variable);
        }
    }

    private List<PSVariable> Matching(string pattern)
        => [.. InvokeProvider.ChildItem.Get(["variable:"], recurse: false, uint.MaxValue, force: true, literalPath: false)
            .Select(item => item.BaseObject).OfType<PSVariable>()
            .Where(variable => WildcardPattern.Get(pattern, WildcardOptions.IgnoreCase).IsMatch(variable.Name))
            .OrderBy(variable => variable.Name, StringComparer.OrdinalIgnoreCase)];
}

[Cmdlet(VerbsCommon.Set, "Variable", SupportsShouldProcess = true)]
public sealed class SetVariableCommand : VariableCmdlet
{
    private readonly List<object?> _values = [];

    [Parameter(Mandatory = true, Position = 0)]
    public string[] Name { get; set; } = [];

    [Parameter(Position = 1, ValueFromPipeline = true)]
    [AllowNull]
    public object? Value { get; set; }

    protected override void ProcessRecord() => _values.Add(Value);

    protected override void EndProcessing()
    {
        foreach (var name in Name.Where(name => ShouldProcess(name, "Set variable")))
            SessionState.PSVariable.Set(Scoped(name), _values.Count > 1 ? _values.ToArray() : _values.FirstOrDefault());
    }
}

[Cmdlet(VerbsCommon.New, "Variable", SupportsShouldProcess = true)]
public sealed class NewVariableCommand : VariableCmdlet
{
    [Parameter(Mandatory = true, Position = 0)]
    public string Name { get; set; } = "";

    [Parameter(Position = 1)]
    [AllowNull]
    public object? Value { get; set; }

    [Parameter]
    public ScopedItemOptions Option { get; set; }

    [Parameter]
    public string? Description { get; set; }

    [Parameter]
    public SwitchParameter Force { get; set; }

    [Parameter]
    public SwitchParameter PassThru { get; set; }

    protected override void EndProcessing()
    {
        if (!ShouldProcess(Name, "New variable"))
            return;
        if (!Force && SessionState.PSVariable.Get("local:" + Name) is not null)
        {
            WriteError(new ErrorRecord(new SessionStateException($"A variable with the name '{Name}' already exists."), "VariableAlreadyExists", ErrorCategory.ResourceExists, Name));
            return;
        }

        var variable = new PSVariable(Name, Value, Option) { Description = Description ?? "" };
        if (Scope is null or "Local" && Option != ScopedItemOptions.None)
            SessionState.PSVariable.Set(variable);
        else
            SessionState.PSVariable.Set(Scoped(Name), Value);
        if (PassThru)
            WriteObject(SessionState.PSVariable.Get(Scoped(Name)));
    }
}

[Cmdlet(VerbsCommon.Remove, "Variable", SupportsShouldProcess = true)]
public sealed class RemoveVariableCommand : VariableCmdlet
{
    [Parameter(Mandatory = true, Position = 0, ValueFromPipelineByPropertyName = true)]
    public string[] Name { get; set; } = [];

    protected override void ProcessRecord()
    {
        foreach (var name in Name)
        {
            if (SessionState.PSVariable.Get(Scoped(name)) is null)
                WriteError(new ErrorRecord(new ItemNotFoundException($"Cannot find a variable with the name '{name}'."), "VariableNotFound", ErrorCategory.ObjectNotFound, name));
            else if (ShouldProcess(name, "Remove variable"))
                SessionState.PSVariable.Remove(Scoped(name));
        }
    }
}
