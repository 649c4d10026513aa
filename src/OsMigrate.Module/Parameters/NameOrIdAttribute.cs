using System.Collections;
using System.Management.Automation;

namespace OsMigrate.Module.Parameters;

/// <summary>A parameter that names something in a cloud: a name, an id, or the object itself, of which the id is taken.</summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class NameOrIdAttribute : ArgumentTransformationAttribute
{
    public override object Transform(EngineIntrinsics engineIntrinsics, object inputData)
    {
        var value = inputData is PSObject wrapped ? wrapped.BaseObject : inputData;
        return value switch
        {
            string => value,
            IEnumerable many => many.Cast<object>().Select(Name).ToArray(),
            _ => Name(inputData),
        };
    }

    private static object Name(object item)
    {
        if (item is string || (item is PSObject { BaseObject: string }))
            return item.ToString()!;
        return PSObject.AsPSObject(item).Properties["Id"]?.Value?.ToString() ?? item;
    }
}
