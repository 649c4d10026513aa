using OsMigrate.OpenStack;
using OsMigrate.OpenStack.Clouds;
using OsMigrate.Tests.Support;
using OsMigrate.Tests.Support.Faults;

namespace OsMigrate.Tests.OpenStack.Peer;

/// <summary>A session with the real OpenStack through a fault proxy. Skips the test when there is no OpenStack. What the test made goes when it ends.</summary>
internal sealed class PeerCloud : IDisposable
{
    private readonly List<Action> _undo = [];
    private readonly List<string> _notes = [];

    /// <param name="cloud">lab, lab-admin or lab-app.</param>
    /// <param name="change">Changes the settings before the session begins.</param>
    public PeerCloud(string cloud = "lab", Func<CloudConfig, CloudConfig>? change = null, string? region = null)
    {
        var source = OpenStackPeer.CloudsFile;
        using var folder = new TempFolder();
        Proxy.WriteClouds(source, folder.Path);
        var config = CloudSettings.Load(new CloudFiles([folder.Path]), new CloudVariables(new Dictionary<string, string>()), folder.Path).Cloud(cloud, region);
        Session = new CloudSession(change is null ? config : change(config));
        Session.Noted += text =>
        {
            lock (_notes)
                _notes.Add(text);
        };
    }

    public FaultProxy Proxy { get; } = new();

    public CloudSession Session { get; }

    public string Notes
    {
        get
        {
            lock (_notes)
                return string.Join('\n', _notes);
        }
    }

    /// <summary>Requests for a token so far.</summary>
    public int Tokens => Proxy.Count("POST", "/v3/auth/tokens$");

    /// <summary>Is done when the test ends, last first; without faults by then.</summary>
    public void Afterwards(Action undo) => _undo.Add(undo);

    public void Dispose()
    {
        Proxy.Clear();
        try
        {
            foreach (var undo in Enumerable.Reverse(_undo))
                undo();
        }
        finally
        {
            Session.Dispose();
            Proxy.Dispose();
        }
    }
}

/// <summary>Tests that change something in the peer run one after the other.</summary>
[CollectionDefinition(OpenStackPeer.Collection)]
public sealed class PeerCollection;
