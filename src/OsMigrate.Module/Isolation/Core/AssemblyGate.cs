using System.Reflection;
using System.Runtime.Loader;

namespace OsMigrate.Module.Isolation;

/// <summary>Connects the cmdlets, which PowerShell 7 loads into the default context, with the library and its packages in a private one.</summary>
/// <remarks>
/// The module's script calls <see cref="Open"/> before it imports the cmdlets. Only the library's own name is answered here:
/// requests of other modules for packages that we happen to carry too are none of our business.
/// </remarks>
public static class AssemblyGate
{
    private const string Library = "OsMigrate";

    private static readonly Lazy<PrivateContext> Context = new(Connect);

    /// <summary>Makes the library resolvable. Calling it again does nothing.</summary>
    public static void Open() => _ = Context.Value;

    private static PrivateContext Connect()
    {
        var context = new PrivateContext(Path.Combine(Path.GetDirectoryName(typeof(AssemblyGate).Assembly.Location)!, "lib"));
        AssemblyLoadContext.Default.Resolving += (_, name) => name.Name == Library ? context.LoadFromAssemblyName(name) : null;
        return context;
    }

    /// <summary>Holds the library and its packages. What the runtime itself brings is taken from there.</summary>
    private sealed class PrivateContext(string folder) : AssemblyLoadContext("OsMigrate")
    {
        protected override Assembly? Load(AssemblyName name)
        {
            var path = Path.Combine(folder, name.Name + ".dll");
            return File.Exists(path) ? LoadFromAssemblyPath(path) : null;
        }
    }
}
