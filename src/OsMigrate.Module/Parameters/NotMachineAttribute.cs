using System.Management.Automation;
using OsMigrate.Module.Interop;

namespace OsMigrate.Module.Parameters;

/// <summary>A parameter for paths: machines of the pipeline are left to the parameter that takes them, instead of being made into texts.</summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class NotMachineAttribute : ArgumentTransformationAttribute
{
    public override object Transform(EngineIntrinsics engineIntrinsics, object inputData)
        => PowerCliTypes.KindOf(inputData) == MachineObjectKind.None ? inputData : throw new PSInvalidCastException("A virtual machine is no path.");
}
