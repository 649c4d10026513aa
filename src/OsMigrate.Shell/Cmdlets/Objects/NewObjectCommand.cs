using System.Collections;
using System.Globalization;
using System.Management.Automation;

namespace OsMigrate.Shell.Cmdlets.Objects;

[Cmdlet(VerbsCommon.New, "Object")]
public sealed class NewObjectCommand : PSCmdlet
{
    [Parameter(Mandatory = true, Position = 0)]
    public string TypeName { get; set; } = "";

    [Parameter(Position = 1)]
    [Alias("Args")]
    [AllowEmptyCollection]
    public object?[] ArgumentList { get; set; } = [];

    [Parameter]
    public IDictionary? Property { get; set; }

    protected override void EndProcessing()
    {
        if (!LanguagePrimitives.TryConvertTo<Type>(TypeName, CultureInfo.InvariantCulture, out var type))
        {
            ThrowTerminatingError(new ErrorRecord(new PSArgumentException($"Cannot find type [{TypeName}]: verify that the assembly containing this type is loaded."), "TypeNotFound", ErrorCategory.InvalidType, TypeName));
            return;
        }

        var created = type == typeof(PSObject) || type == typeof(PSCustomObject) ? new PSObject() : PSObject.AsPSObject(Create(type));
        foreach (DictionaryEntry entry in Property ?? new Hashtable())
            Set(created, entry.Key.ToString()!, entry.Value);
        WriteObject(created);
    }

    /// <summary>The engine picks the constructor, as for [type]::new(). In a table, since a new list would be taken apart on its way.</summary>
    private object Create(Type type)
    {
        try
        {
            var results = InvokeCommand.InvokeScript(true, ScriptBlock.Create("param($type, $arguments) @{ Created = $type::new.Invoke($arguments) }"), null, type, ArgumentList);
            return ((IDictionary)results[0].BaseObject)["Created"]!;
        }
        catch (RuntimeException error)
        {
            ThrowTerminatingError(new ErrorRecord(error.InnerException ?? error, "ConstructorInvokedThrowException", ErrorCategory.InvalidOperation, type));
            throw;
        }
    }

    private static void Set(PSObject target, string name, object? value)
    {
        if (target.Properties[name] is { } property)
            property.Value = value;
        else if (target.BaseObject is PSCustomObject)
            target.Properties.Add(new PSNoteProperty(name, value));
        else
            throw new PSArgumentException($"The type {target.BaseObject.GetType().FullName} has no property {name}.");
    }
}
