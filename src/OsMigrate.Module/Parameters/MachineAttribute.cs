using System.Collections;
using System.Management.Automation;
using OsMigrate.Module.Interop;

namespace OsMigrate.Module.Parameters;

/// <summary>A parameter that takes machines: names and ids where it is written out, from the pipeline only what is a machine, so that paths and files still go to the parameters for these.</summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class MachineAttribute : ArgumentTransformationAttribute
{
    public override object Transform(EngineIntrinsics engineIntrinsics, object inputData)
    {
        var value = inputData is PSObject { BaseObject: not PSCustomObject } wrapped ? wrapped.BaseObject : inputData;
        var items = value is IEnumerable many and not string ? many.Cast<object>() : [inputData];
        // The one exception that makes PowerShell try the next parameter instead of ending the command.
        return items.All(static i => i is string or PSObject { BaseObject: string } || PowerCliTypes.KindOf(i) != MachineObjectKind.None)
            ? inputData
            : throw new PSInvalidCastException("This is no virtual machine.");
    }
}
