using System.Management.Automation;
using System.Reflection;

namespace OsMigrate.Module.Tests.Support;

/// <summary>The types of the staged module, as the engine has loaded them.</summary>
public static class StagedTypes
{
    private static readonly Lazy<Assembly> Loaded = new(Load);

    public static Assembly Assembly => Loaded.Value;

    /// <summary>A type of the cmdlets or of the library, by its full name; null when there is none.</summary>
    public static Type? Find(string name)
        => Assembly.GetType(name) ?? Library.Value.Select(a => a.GetType(name)).FirstOrDefault(t => t is not null);

    /// <summary>Where the types that cmdlets write are from; types of their properties are there too.</summary>
    private static readonly Lazy<IReadOnlyList<Assembly>> Library = new(() => [.. Cmdlets.SelectMany(c => c.GetCustomAttributes<OutputTypeAttribute>()).SelectMany(a => a.Type).Select(t => t.Type?.Assembly).OfType<Assembly>().Distinct()]);

    public static IEnumerable<Type> Cmdlets => Assembly.GetExportedTypes().Where(t => t.GetCustomAttribute<CmdletAttribute>() is not null);

    public static string NameOf(Type cmdlet)
    {
        var attribute = cmdlet.GetCustomAttribute<CmdletAttribute>()!;
        return $"{attribute.VerbName}-{attribute.NounName}";
    }

    private static Assembly Load()
    {
        using var session = new Session();
        return AppDomain.CurrentDomain.GetAssemblies().Single(a => a.GetName().Name == "OsMigrate.Module");
    }
}
