namespace OsMigrate.Shell.Hosting;

/// <summary>Finds the staged module, so that its commands load when first used.</summary>
internal static class ModuleLocation
{
    private const string ModuleName = "OsMigrate";

    /// <summary>Puts the folder that holds the module in front of PSModulePath. To be called after the runspace is open: opening it rewrites the variable.</summary>
    public static void AddToModulePath()
    {
        if (Find() is not { } folder)
            return;
        var current = Environment.GetEnvironmentVariable("PSModulePath");
        Environment.SetEnvironmentVariable("PSModulePath", string.IsNullOrEmpty(current) ? folder : folder + Path.PathSeparator + current);
    }

    /// <summary>Beside the shell's own folder; or, for a shell that runs from a build folder, the output folder of that checkout.</summary>
    private static string? Find()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            foreach (var candidate in new[] { folder.FullName, Path.Combine(folder.FullName, "output") })
            {
                if (File.Exists(Path.Combine(candidate, ModuleName, ModuleName + ".psd1")))
                    return candidate;
            }
        }

        return null;
    }
}
