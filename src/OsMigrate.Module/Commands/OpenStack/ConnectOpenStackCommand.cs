using System.Management.Automation;
using System.Security;
using OsMigrate.Bytes;
using OsMigrate.Module.Clouds;
using OsMigrate.Module.Parameters;
using OsMigrate.Module.Pipeline;
using OsMigrate.Net;
using OsMigrate.OpenStack;
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
        var session = new CloudSession(config);
        try
        {
            session.Noted += Tell;
            session.Authenticate(Cancel);
            session.Noted -= Tell;
        }
        catch
        {
            session.Dispose();
            throw;
        }

        CloudSessions.Add(session, asDefault: !NoDefault);
        Emit(new CloudConnection(session));
    }

    private CloudConfig Described() => new()
    {
        Name = Cloud ?? AuthUrl!.Host,
        Origin = "parameters",
        AuthUrl = AuthUrl!.IsAbsoluteUri && AuthUrl.Scheme is "http" or "https" ? AuthUrl : throw new OsMigrateException(ErrorIds.CloudSettings, ErrorKind.InvalidArgument, "-AuthUrl must be an http or https address."),
        Credentials = ParameterSetName == ByPassword ? Password() : Application(),
        RegionName = Region,
        Interface = Interface,
        Tls = new TlsSettings { Verify = !SkipCertificateCheck, AuthorityFile = CACertificate is null ? null : FilePaths.Existing(SessionState, CACertificate) },
        Notices = SkipCertificateCheck ? [$"The certificate of {AuthUrl.Host} is not verified, as asked. Anyone on the way can read and change what is sent."] : [],
    };

    private CloudCredentials Password() => new()
    {
        Methods = ["password"],
        UserName = Credential!.UserName.TrimStart('\\'),
        UserDomainName = UserDomainName,
        Password = Reveal(Credential.Password),
        Scope = new CloudScope { ProjectId = ProjectId, ProjectName = ProjectId is null ? ProjectName : null, ProjectDomainName = ProjectId is null && ProjectName is not null ? ProjectDomainName : null },
    };

    private CloudCredentials Application() => new()
    {
        Methods = ["application_credential"],
        ApplicationCredentialId = ApplicationCredential!.UserName.TrimStart('\\'),
        ApplicationCredentialSecret = Reveal(ApplicationCredential.Password),
    };

    private static Secret Reveal(SecureString secret) => new(new System.Net.NetworkCredential("", secret).Password);
}
