using System.Management.Automation;
using System.Reflection;

namespace OsMigrate.Module.Tests.Support;

/// <summary>The types of the staged module, as the engine has loaded them.</summary>
public static class StagedTypes
{
    private static readonly Lazy<Assembly> Loaded = new(Load);

    public static Assembly Assembly => Loaded.Value;

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
