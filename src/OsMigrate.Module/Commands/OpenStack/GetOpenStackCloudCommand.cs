using System.Management.Automation;
using OsMigrate.Module.Clouds;
using OsMigrate.Module.Parameters;
using OsMigrate.Module.Pipeline;
using OsMigrate.OpenStack.Clouds;

namespace OsMigrate.Module.Commands.OpenStack;

/// <summary>Lists the clouds that are configured or connected.</summary>
[Cmdlet(VerbsCommon.Get, "OpenStackCloud")]
[OutputType(typeof(ConfiguredCloud))]
public sealed class GetOpenStackCloudCommand : AsyncCmdlet
{
    [Parameter(Position = 0, ValueFromPipeline = true)]
    [Alias("Name")]
    [SupportsWildcards]
    [ArgumentCompleter(typeof(CloudCompleter))]
    public string Cloud { get; set; } = "*";

    protected override void TakeRecord()
    {
        var folder = CloudSessions.Folder(SessionState);
        var pattern = WildcardPattern.Get(Cloud, WildcardOptions.IgnoreCase);
        Run(Cloud, () =>
        {
            var settings = CloudSettings.Load(folder);
            var connected = CloudSessions.All;
            foreach (var name in settings.Names.Concat(connected.Select(s => s.Name)).Distinct(StringComparer.Ordinal).Where(pattern.IsMatch))
            {
                var session = connected.FirstOrDefault(s => s.Name == name);
                var (config, problem) = session is not null ? (session.Config, null) : CloudSessions.TryRead(settings, name);
                var isDefault = name == (CloudSessions.DefaultName ?? settings.DefaultName);
                Emit(new ConfiguredCloud(name, session is not null, isDefault, config?.AuthUrl.ToString(), config?.RegionName, problem));
            }
        });
    }
}
