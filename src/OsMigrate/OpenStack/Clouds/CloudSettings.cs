using OsMigrate.Bytes;

namespace OsMigrate.OpenStack.Clouds;

/// <summary>All clouds that the files and the environment describe, merged as openstacksdk merges them.</summary>
/// <remarks>Source: openstacksdk, "Configuring OpenStack SDK Applications"; order of precedence of openstack/config/loader.py.</remarks>
public sealed class CloudSettings
{
    private readonly SettingsMap _clouds;
    private readonly SettingsMap _profiles;
    private readonly CloudFiles _files;
    private readonly string _folder;

    private CloudSettings(SettingsMap clouds, SettingsMap profiles, CloudFiles files, string folder)
        => (_clouds, _profiles, _files, _folder) = (clouds, profiles, files, folder);

    /// <summary>The clouds.yaml that was used, or null when there is none.</summary>
    public string? File { get; private init; }

    /// <summary>Names of all clouds, in the order of the file.</summary>
    public IReadOnlyList<string> Names => _clouds.Keys.ToList();

    /// <summary>The cloud to use when none is named; null when there is no single one.</summary>
    public string? DefaultName { get; private init; }

    private string? VariablesName { get; init; }

    private string? RegionFromVariables { get; init; }

    /// <summary>Reads everything there is for this user.</summary>
    /// <param name="currentFolder">Looked at first; relative names of certificates count from here, as with openstacksdk.</param>
    public static CloudSettings Load(string currentFolder) => Load(CloudFiles.ForUser(currentFolder), CloudVariables.OfProcess(), currentFolder);

    internal static CloudSettings Load(CloudFiles files, CloudVariables variables, string currentFolder)
    {
        var file = files.Find("clouds", variables["OS_CLIENT_CONFIG_FILE"]);
        var secure = files.Find("secure", variables["OS_CLIENT_SECURE_FILE"]);
        var profiles = files.Find("clouds-public", null);
        var config = file is null ? [] : YamlSettings.ReadFile(file);
        if (secure is not null)
            config = config.With(YamlSettings.ReadFile(secure));
        var clouds = config.Map("clouds") ?? [];
        var fromVariables = variables.Cloud();
        if (fromVariables is not null)
        {
            if (clouds.ContainsKey(variables.CloudName))
            {
                throw new OsMigrateException(ErrorIds.CloudSettings, ErrorKind.InvalidArgument, $"'{file}' has a cloud named '{variables.CloudName}', and the OS_* variables describe one of the same name.", variables.CloudName)
                {
                    Advice = "Set OS_CLOUD_NAME to another name for the cloud of the variables, or remove the OS_* variables.",
                };
            }

            clouds[variables.CloudName] = fromVariables;
        }

        return new CloudSettings(clouds, profiles is null ? [] : YamlSettings.ReadFile(profiles).Map("public-clouds") ?? [], files, currentFolder)
        {
            File = file,
            VariablesName = fromVariables is null ? null : variables.CloudName,
            RegionFromVariables = variables["OS_REGION_NAME"],
            DefaultName = variables["OS_CLOUD"] ?? (fromVariables is not null ? variables.CloudName : clouds.Count == 1 ? clouds.Keys.First() : null),
        };
    }

    /// <summary>The description of one cloud.</summary>
    /// <param name="name">Its name; null for <see cref="DefaultName"/>.</param>
    /// <param name="region">Region to use instead of the file's; null for the file's or OS_REGION_NAME.</param>
    /// <exception cref="OsMigrateException"><see cref="ErrorIds.CloudUnknown"/>, <see cref="ErrorIds.CloudSettings"/>.</exception>
    public CloudConfig Cloud(string? name, string? region = null)
    {
        name ??= DefaultName ?? throw new OsMigrateException(ErrorIds.CloudUnknown, ErrorKind.InvalidArgument, _clouds.Count == 0 ? $"No cloud is configured: no clouds.yaml was found in {_files.Places}, and no OS_* variables are set." : $"Several clouds are configured ({string.Join(", ", Names)}).")
        {
            Advice = "Name one with -Cloud or the variable OS_CLOUD.",
        };
        if (_clouds.Map(name) is not { } own)
        {
            throw new OsMigrateException(ErrorIds.CloudUnknown, ErrorKind.NotFound, $"There is no cloud named '{name}'{(File is null ? $": no clouds.yaml was found in {_files.Places}" : $" in '{File}'")}.", name)
            {
                Advice = _clouds.Count > 0 ? $"Known clouds: {string.Join(", ", Names)}." : null,
            };
        }

        var settings = WithProfile(name, own);
        var reader = new CloudReader(name, name == VariablesName ? "environment" : File ?? "environment", _folder);
        return reader.Read(settings, region ?? RegionFromVariables);
    }

    private SettingsMap WithProfile(string name, SettingsMap own)
    {
        var profile = own.Text("profile") ?? own.Text("cloud");
        if (profile is null || name == VariablesName)
            return own;
        if (profile.Contains("://"))
            throw new OsMigrateException(ErrorIds.CloudSettings, ErrorKind.NotSupported, $"The cloud '{name}' takes its profile from an address on the network; nothing is fetched from there.", name) { Advice = "Write the settings into clouds.yaml or clouds-public.yaml." };
        if (_profiles.Map(profile) is { } known)
            return known.With(own);
        if (own.Map("auth")?.Text("auth_url") is not null)
            return own;
        throw new OsMigrateException(ErrorIds.CloudSettings, ErrorKind.NotFound, $"The cloud '{name}' uses the profile '{profile}', which is in no clouds-public.yaml.", name);
    }
}
