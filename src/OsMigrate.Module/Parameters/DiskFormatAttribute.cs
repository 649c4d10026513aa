using System.Collections;
using System.Management.Automation;
using System.Management.Automation.Language;
using OsMigrate.Disks;

namespace OsMigrate.Module.Parameters;

/// <summary>A parameter that names a disk format: checks the name.</summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class DiskFormatAttribute : ValidateArgumentsAttribute
{
    /// <summary>Accept only formats that can be written.</summary>
    public bool Writable { get; set; }

    /// <summary>The formats that the parameter accepts.</summary>
    internal static IEnumerable<DiskFormat> Choices(bool writable)
        => DiskFormats.All.Where(f => !writable || f.WritableSubformats.Count > 0);

    protected override void Validate(object arguments, EngineIntrinsics engineIntrinsics)
    {
        var name = arguments as string;
        if (!Choices(Writable).Any(f => string.Equals(f.Name, name, StringComparison.OrdinalIgnoreCase)))
            throw new ValidationMetadataException($"'{name}' is not a disk format that can be {(Writable ? "written" : "read")}. Choose one of: {string.Join(", ", Choices(Writable).Select(f => f.Name))}.");
    }
}

/// <summary>Completes names of formats that are read.</summary>
public class DiskFormatCompleter : IArgumentCompleter
{
    protected virtual bool Writable => false;

    public IEnumerable<CompletionResult> CompleteArgument(
        string commandName, string parameterName, string wordToComplete, CommandAst commandAst, IDictionary fakeBoundParameters)
        => Completions.Of(wordToComplete, DiskFormatAttribute.Choices(Writable).Select(f => (f.Name, Describe(f))));

    private string Describe(DiskFormat format)
        => Writable ? $"{format.Name}, files *{format.Extension}: {string.Join(", ", format.WritableSubformats)}" : $"{format.Name}, files *{format.Extension}";
}

/// <summary>Completes names of formats that are written.</summary>
public sealed class WritableDiskFormatCompleter : DiskFormatCompleter
{
    protected override bool Writable => true;
}
