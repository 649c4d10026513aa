using System.Management.Automation;
using OsMigrate.Module.Clouds;
using OsMigrate.Module.Parameters;
using OsMigrate.Module.Pipeline;
using OsMigrate.OpenStack.Clouds;

namespace OsMigrate.Module.Commands.OpenStack;

/// <summary>Connects to a cloud of clouds.yaml, or to one described by parameters.</summary>
[Cmdlet(VerbsCommunications.Connect, "OpenStack", DefaultParameterSetName = ByName, SupportsShouldProcess = true)]
[OutputType(typeof(CloudConnection))]
public sealed class ConnectOpenStackCommand : AsyncCmdlet
{
    private const string ByName = "Cloud";
    private const string ByPassword = "Password";
    private const string ByApplicationCredential = "ApplicationCredential";

    [Parameter(Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true, ParameterSetName = ByName)]
    [Parameter(ParameterSetName = ByPassword)]
    [Parameter(ParameterSetName = ByApplicationCredential)]
    [Alias("Name")]
    [ArgumentCompleter(typeof(CloudCompleter))]
    [ValidateNotNullOrEmpty]
    public string? Cloud { get; set; }

    [Parameter(Mandatory = true, ParameterSetName = ByPassword)]
    [Parameter(Mandatory = true, ParameterSetName = ByApplicationCredential)]
    public Uri? AuthUrl { get; set; }

    [Parameter(Mandatory = true, ParameterSetName = ByPassword)]
    [Credential]
    public PSCredential? Credential { get; set; }

    [Parameter(ParameterSetName = ByPassword)]
    public string? ProjectName { get; set; }

    [Parameter(ParameterSetName = ByPassword)]
    public string? ProjectId { get; set; }

    [Parameter(ParameterSetName = ByPassword)]
    public string UserDomainName { get; set; } = "Default";

    [Parameter(ParameterSetName = ByPassword)]
    public string ProjectDomainName { get; set; } = "Default";

    [Parameter(Mandatory = true, ParameterSetName = ByApplicationCredential)]
    [Credential]
    public PSCredential? ApplicationCredential { get; set; }

    [Parameter]
    public string? Region { get; set; }

    [Parameter(ParameterSetName = ByPassword)]
    [Parameter(ParameterSetName = ByApplicationCredential)]
    [ValidateSet("public", "internal", "admin")]
    public string Interface { get; set; } = "public";

    [Parameter(ParameterSetName = ByPassword)]
    [Parameter(ParameterSetName = ByApplicationCredential)]
    public string? CACertificate { get; set; }

    [Parameter(ParameterSetName = ByPassword)]
    [Parameter(ParameterSetName = ByApplicationCredential)]
    public SwitchParameter SkipCertificateCheck { get; set; }

    [Parameter]
    public SwitchParameter NoDefault { get; set; }

    protected override void TakeRecord()
    {
        var folder = CloudSessions.Folder(SessionState);
        Run(Cloud ?? AuthUrl?.ToString(), () => Open(ParameterSetName == ByName ? CloudSettings.Load(folder).Cloud(Cloud, Region) : Described()));
    }

    private void Open(CloudConfig config)
    {
        if (!Confirm($"Connect to '{config.Name}' at {config.AuthUrl}.", $"Connect to '{config.Name}'?"))
            return;
        foreach (var notice in config.Notices)
            Warn(notice);
        var session = CloudSessions.Connect(config, asDefault: !NoDefault, Tell, Cancel);
        Emit(new CloudConnection(session));
    }

    private CloudConfig Described() => new DescribedCloud(Cloud, AuthUrl!)
    {
        Region = Region,
        Interface = Interface,
        AuthorityFile = CACertificate is null ? null : FilePaths.Existing(SessionState, CACertificate),
        SkipCertificateCheck = SkipCertificateCheck,
        UserDomainName = UserDomainName,
        ProjectName = ProjectName,
        ProjectId = ProjectId,
        ProjectDomainName = ProjectDomainName,
    }.Config(Credential, ApplicationCredential);
}
