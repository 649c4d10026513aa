using System.Management.Automation;
using OsMigrate.Migrations.Features;
using OsMigrate.Module.Clouds;
using OsMigrate.Module.Parameters;
using OsMigrate.Module.Pipeline;
using OsMigrate.Module.VSphere;
using OsMigrate.OpenStack;

namespace OsMigrate.Module.Commands.Features;

/// <summary>Tells what becomes of the features of vSphere, and whether a cloud has their counterparts.</summary>
[Cmdlet(VerbsCommon.Get, "OpenStackFeatureMap")]
[OutputType(typeof(FeatureMapping))]
public sealed class GetOpenStackFeatureMapCommand : AsyncCmdlet
{
    private ClusterSelection? _selection;

    [Parameter(Position = 0)]
    [SupportsWildcards]
    [ArgumentCompleter(typeof(FeatureCompleter))]
    [ValidateNotNullOrEmpty]
    public string[] Feature { get; set; } = ["*"];

    [Parameter]
    [ArgumentCompleter(typeof(CloudCompleter))]
    [ValidateNotNullOrEmpty]
    public string? Cloud { get; set; }

    [Parameter(ValueFromPipeline = true)]
    [Alias("VM", "Cluster")]
    [ArgumentCompleter(typeof(VSphereClusterCompleter))]
    [ValidateNotNull]
    public PSObject[] InputObject { get; set; } = [];

    [Parameter]
    [ArgumentCompleter(typeof(VSphereServerCompleter))]
    [ValidateNotNullOrEmpty]
    public string? Server { get; set; }

    protected override void TakeRecord()
    {
        foreach (var item in InputObject)
        {
            _selection ??= new ClusterSelection(Server, SessionState);
            Attempt(item, () => { _selection.Take(item); return true; }, false);
        }
    }

    protected override void TakeEnd()
    {
        // What was given cannot be used: the errors are told, and a map of everything is not what was asked for.
        if (_selection is { IsEmpty: true } || (_selection is null && MyInvocation.ExpectingInput))
            return;
        var folder = CloudSessions.Folder(SessionState);
        Run(Cloud, () =>
        {
            var use = _selection?.Use(Tell, Cancel);
            if (Cloud is null && CloudSessions.DefaultName is null)
                Map(null, use);
            else
                CloudSessions.Use(Cloud, folder, Warn, Tell, session => Map(session, use));
        });
    }

    private void Map(CloudSession? session, SourceUse? use)
    {
        var wanted = Feature.Select(static f => WildcardPattern.Get(f, WildcardOptions.IgnoreCase)).ToList();
        foreach (var mapping in FeatureMap.Map(name => wanted.Exists(w => w.IsMatch(name)), session, use, Cancel))
        {
            ReportProgress("Asking the cloud", mapping.Feature);
            Emit(mapping);
        }
    }
}
