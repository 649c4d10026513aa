using System.Reflection;
using System.Runtime.InteropServices;

namespace OsMigrate.HelpCompiler;

/// <summary>Reads cmdlets and their parameters from the metadata of a built assembly; runs none of its code.</summary>
internal sealed class CmdletAssembly : IDisposable
{
    private readonly MetadataLoadContext _context;

    public CmdletAssembly(string path, string automationPath)
    {
        var folder = Path.GetDirectoryName(Path.GetFullPath(path))!;
        var files = Directory.EnumerateFiles(RuntimeEnvironment.GetRuntimeDirectory(), "*.dll")
            .Concat(Directory.EnumerateFiles(folder, "*.dll"))
            .Append(automationPath);
        _context = new MetadataLoadContext(new PathAssemblyResolver(files));
        Commands = [.. _context.LoadFromAssemblyPath(Path.GetFullPath(path)).GetTypes()
            .Where(t => Find(t, "CmdletAttribute") is not null)
            .Select(Read)
            .OrderBy(c => c.Name, StringComparer.Ordinal)];
    }

    public IReadOnlyList<CommandShape> Commands { get; }

    public void Dispose() => _context.Dispose();

    private static CommandShape Read(Type type)
    {
        var cmdlet = Find(type, "CmdletAttribute")!;
        var name = $"{cmdlet.ConstructorArguments[0].Value}-{cmdlet.ConstructorArguments[1].Value}";
        var aliases = Find(type, "AliasAttribute") is { } a ? Strings(a) : [];
        var parameters = type.GetProperties().SelectMany(ReadProperty).ToList();
        if (Named(cmdlet, "SupportsShouldProcess") is true)
        {
            parameters.Add(new ParameterShape("WhatIf", "SwitchParameter", null, false, null, "False", ["wi"], []));
            parameters.Add(new ParameterShape("Confirm", "SwitchParameter", null, false, null, "False", ["cf"], []));
        }

        return new CommandShape(name, aliases, parameters);
    }

    /// <summary>A property is a parameter once for each parameter set it is in.</summary>
    private static IEnumerable<ParameterShape> ReadProperty(PropertyInfo property)
        => property.CustomAttributes.Where(a => a.AttributeType.Name == "ParameterAttribute").Select(attribute => new ParameterShape(
            property.Name,
            TypeName(property.PropertyType),
            Named(attribute, "ParameterSetName") as string,
            Named(attribute, "Mandatory") is true,
            Named(attribute, "Position") is int p && p >= 0 ? p : null,
            Pipeline(attribute),
            Strings(property.CustomAttributes.FirstOrDefault(a => a.AttributeType.Name == "AliasAttribute")),
            property.PropertyType.IsEnum ? property.PropertyType.GetFields(BindingFlags.Public | BindingFlags.Static).Select(f => f.Name).ToArray() : [])
        {
            Wildcards = property.CustomAttributes.Any(a => a.AttributeType.Name == "SupportsWildcardsAttribute"),
        });

    private static string Pipeline(CustomAttributeData attribute)
    {
        var byValue = Named(attribute, "ValueFromPipeline") is true;
        var byName = Named(attribute, "ValueFromPipelineByPropertyName") is true;
        return (byValue, byName) switch
        {
            (true, true) => "True (ByValue, ByPropertyName)",
            (true, false) => "True (ByValue)",
            (false, true) => "True (ByPropertyName)",
            _ => "False",
        };
    }

    private static string TypeName(Type type)
    {
        if (type.IsArray)
            return TypeName(type.GetElementType()!) + "[]";
        if (type.IsGenericType && type.Name == "Nullable`1")
            return TypeName(type.GetGenericArguments()[0]);
        return type.Name;
    }

    private static CustomAttributeData? Find(Type type, string attribute)
        => type.CustomAttributes.FirstOrDefault(a => a.AttributeType.Name == attribute);

    private static object? Named(CustomAttributeData attribute, string name)
        => attribute.NamedArguments.Where(n => n.MemberName == name).Select(n => n.TypedValue.Value).FirstOrDefault();

    private static string[] Strings(CustomAttributeData? attribute)
        => attribute?.ConstructorArguments.FirstOrDefault().Value is IReadOnlyCollection<CustomAttributeTypedArgument> values ? [.. values.Select(v => (string)v.Value!)] : [];
}

/// <summary>A cmdlet as its assembly declares it.</summary>
internal sealed record CommandShape(string Name, IReadOnlyList<string> Aliases, IReadOnlyList<ParameterShape> Parameters)
{
    /// <summary>Parameter sets by name; parameters without a set are in all.</summary>
    public IEnumerable<IReadOnlyList<ParameterShape>> Sets
    {
        get
        {
            var names = Parameters.Select(p => p.SetName).OfType<string>().Distinct().ToList();
            return (names.Count == 0 ? [""] : names).Select(n => Parameters.Where(p => p.SetName is null || p.SetName == n).OrderBy(p => p.Position ?? 99).ToList());
        }
    }
}

/// <summary>A parameter in one parameter set (null: in all).</summary>
internal sealed record ParameterShape(
    string Name, string Type, string? SetName, bool Required, int? Position, string Pipeline, IReadOnlyList<string> Aliases, IReadOnlyList<string> Choices)
{
    public bool Wildcards { get; init; }
}
