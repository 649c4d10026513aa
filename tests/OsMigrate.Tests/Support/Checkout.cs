namespace OsMigrate.Tests.Support;

/// <summary>The checkout that the tests run from, for tests that read sources.</summary>
public static class Checkout
{
    public static string Root { get; } = FindRoot();

    public static string File(params string[] parts) => Path.Combine([Root, .. parts]);

    /// <summary>C# files below a folder of the checkout, what the build makes left out; paths relative to that folder, with slashes.</summary>
    public static IEnumerable<string> Sources(params string[] folder)
    {
        var start = File(folder);
        return Directory.EnumerateFiles(start, "*.cs", SearchOption.AllDirectories)
            .Select(f => Path.GetRelativePath(start, f).Replace('\\', '/'))
            .Where(f => !f.Split('/').Any(part => part is "bin" or "obj" or "output"))
            .Order(StringComparer.Ordinal);
    }

    private static string FindRoot()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (System.IO.File.Exists(Path.Combine(folder.FullName, "OsMigrate.sln")))
                return folder.FullName;
        }

        throw new InvalidOperationException("The tests do not run from inside the repository.");
    }
}
