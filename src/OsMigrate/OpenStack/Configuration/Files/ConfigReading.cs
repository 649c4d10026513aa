using OsMigrate.Bytes;

namespace OsMigrate.OpenStack.Configuration.Files;

/// <summary>Reads what a user names: a file, or all files of a folder.</summary>
internal static class ConfigReading
{
    /// <param name="service">Only its files; for a single file: whose it is, where its name does not tell.</param>
    /// <param name="skipped">Told of files that could not be read.</param>
    /// <exception cref="OsMigrateException"><see cref="ErrorIds.ConfigNotFound"/> when a folder has none.</exception>
    public static IReadOnlyList<ConfigFile> Read(IConfigHost host, string path, ServiceName? service, Action<OsMigrateException> skipped, CancellationToken cancel)
    {
        if (!host.IsFolder(path, cancel))
            return [ConfigSearch.Single(host, path, service, cancel)];
        var files = new ConfigSearch(host, skipped, cancel).Below(path).Where(f => service is null || f.Service == service).ToList();
        return files.Count > 0 ? files : throw ConfigErrors.NoFiles(path);
    }
}
