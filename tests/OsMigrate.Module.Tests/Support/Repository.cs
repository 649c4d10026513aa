namespace OsMigrate.Module.Tests.Support;

/// <summary>Places in the checkout that the tests run from.</summary>
public static class Repository
{
    public static string Root { get; } = FindRoot();

    /// <summary>The staged module: what the tests import.</summary>
    public static string Module => Path.Combine(Root, "output", "OsMigrate", "OsMigrate.psd1");

    public static string File(params string[] parts) => Path.Combine([Root, .. parts]);

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
