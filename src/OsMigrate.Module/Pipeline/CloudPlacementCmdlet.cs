using System.Management.Automation;
using OsMigrate.Migrations.Features;
using OsMigrate.Module.Clouds;
using OsMigrate.Module.Parameters;
using OsMigrate.OpenStack;

namespace OsMigrate.Module.Pipeline;

/// <summary>A cmdlet that carries the placement of machines in vSphere over to a cloud.</summary>
public abstract class CloudPlacementCmdlet : PlacementCmdlet
{
    [Parameter]
    [ArgumentCompleter(typeof(CloudCompleter))]
    [ValidateNotNullOrEmpty]
    public string? Cloud { get; set; }

    private string _folder = "";

    protected abstract void Convert(CloudSession session, IReadOnlyList<PlacementFacts> facts);

    protected sealed override void Convert(IReadOnlyList<PlacementFacts> facts) => CloudSessions.Use(Cloud, _folder, Warn, Tell, session => Convert(session, facts));

    protected override void Start(Action work)
    {
        _folder = CloudSessions.Folder(SessionState);
        base.Start(work);
    }
}
