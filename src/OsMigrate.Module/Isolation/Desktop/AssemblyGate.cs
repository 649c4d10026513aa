using System.Reflection;

namespace OsMigrate.Module.Isolation;

/// <summary>Windows PowerShell 5.1 has neither load contexts nor version redirects for modules: requests of our own assemblies are answered from our folder by simple name.</summary>
/// <remarks>The module's script calls <see cref="Open"/> before it imports the cmdlets.</remarks>
public static class AssemblyGate
{
    private static readonly string Folder = Path.GetDirectoryName(typeof(AssemblyGate).Assembly.Location)!;

    private static readonly Lazy<bool> Opened = new(Connect);

    /// <summary>Makes the library and its packages resolvable. Calling it again does nothing.</summary>
    public static void Open() => _ = Opened.Value;

    private static bool Connect()
    {
        AppDomain.CurrentDomain.AssemblyResolve += (_, request) => IsOurs(request.RequestingAssembly) ? Load(request.Name) : null;
        return true;
    }

    // Other modules' requests are none of our business, even for packages that we happen to carry too.
    private static bool IsOurs(Assembly? requesting)
        => requesting is { IsDynamic: false }
           && string.Equals(Path.GetDirectoryName(requesting.Location), Folder, StringComparison.OrdinalIgnoreCase);

    private static Assembly? Load(string fullName)
    {
        var path = Path.Combine(Folder, new AssemblyName(fullName).Name + ".dll");
        return File.Exists(path) ? Assembly.LoadFrom(path) : null;
    }
}
