using System.Runtime.InteropServices;

namespace OsMigrate.OpenStack.Clouds;

/// <summary>Where clouds.yaml, secure.yaml and clouds-public.yaml are looked for: the places and the order of openstacksdk.</summary>
/// <remarks>Source: openstacksdk, "Configuring OpenStack SDK Applications", section "Config Files"; places of platformdirs for user and site.</remarks>
internal sealed class CloudFiles
{
    private static readonly string[] Suffixes = [".yaml", ".yml", ".json"];

    private readonly IReadOnlyList<string> _folders;

    public CloudFiles(IReadOnlyList<string> folders) => _folders = folders;

    /// <summary>The folders of this machine and user, the current folder first.</summary>
    /// <param name="currentFolder">PowerShell's location, which the process does not share.</param>
    public static CloudFiles ForUser(string currentFolder)
    {
        var home = Environment.GetFolderPath(Environment.SpecialFolder.UserProfile);
        var folders = new List<string> { currentFolder };
        if (RuntimeInformation.IsOSPlatform(OSPlatform.Windows))
        {
            folders.Add(Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData), "OpenStack", "openstack"));
            folders.Add(Path.Combine(home, ".config", "openstack"));
            folders.Add(Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.CommonApplicationData), "OpenStack", "openstack"));
        }
        else
        {
            var config = Environment.GetEnvironmentVariable("XDG_CONFIG_HOME");
            if (RuntimeInformation.IsOSPlatform(OSPlatform.OSX))
                folders.Add(Path.Combine(home, "Library", "Application Support", "openstack"));
            else if (!string.IsNullOrEmpty(config))
                folders.Add(Path.Combine(config!, "openstack"));
            folders.Add(Path.Combine(home, ".config", "openstack"));
            folders.Add(RuntimeInformation.IsOSPlatform(OSPlatform.OSX) ? "/Library/Application Support/openstack" : "/etc/xdg/openstack");
            folders.Add("/etc/openstack");
        }

        return new CloudFiles(folders.Distinct(StringComparer.Ordinal).ToList());
    }

    /// <summary>The first file of this name that exists; a file given by an environment variable stands in front.</summary>
    /// <param name="stem">clouds, secure or clouds-public.</param>
    /// <param name="given">Value of OS_CLIENT_CONFIG_FILE and the like, or null.</param>
    public string? Find(string stem, string? given)
    {
        if (!string.IsNullOrEmpty(given) && File.Exists(given))
            return Path.GetFullPath(given!);
        return (from folder in _folders
                from suffix in Suffixes
                let path = Path.Combine(folder, stem + suffix)
                where File.Exists(path)
                select path).FirstOrDefault();
    }

    /// <summary>All places for a message that says where was looked.</summary>
    public string Places => string.Join(", ", _folders);
}
