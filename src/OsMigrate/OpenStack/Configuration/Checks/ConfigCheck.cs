using OsMigrate.OpenStack.Configuration.Files;
using OsMigrate.OpenStack.Configuration.Options;
using OsMigrate.OpenStack.Configuration.Values;

namespace OsMigrate.OpenStack.Configuration.Checks;

/// <summary>Runs every check that needs no connection.</summary>
internal static class ConfigCheck
{
    /// <summary>What each program gets of the files.</summary>
    public static IReadOnlyList<EffectiveConfig> Configs(IReadOnlyList<ConfigFile> files, string release)
        => ConfigSet.Of(files).Select(s => new EffectiveConfig(s, OptionTables.Of(s.Service, release))).ToList();

    /// <param name="files">Of any number of machines and services.</param>
    public static Findings Run(IReadOnlyList<ConfigFile> files, IReadOnlyList<EffectiveConfig> configs, IReadOnlyList<StorageFacts> storage, CancellationToken cancel)
    {
        var findings = new Findings();
        foreach (var file in files)
            SyntaxChecks.Run(file, configs.FirstOrDefault(c => c.Set.Files.Contains(file))?.Lookup, findings);
        foreach (var config in configs)
        {
            cancel.ThrowIfCancellationRequested();
            OptionChecks.Run(config, findings);
            DatabaseChecks.Run(config, findings);
            LoginChecks.Run(config, findings);
            MessagingChecks.Run(config, findings);
            ComputeChecks.Run(config, findings);
            VolumeChecks.Run(config, findings);
            OtherChecks.Run(config, findings);
        }

        NodeChecks.Run(configs, findings);
        StorageChecks.Run(configs, storage, findings);
        return findings;
    }
}
