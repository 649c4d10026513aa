using System.Management.Automation;
using System.Security;
using OsMigrate.Bytes;
using OsMigrate.Module.Interop;
using OsMigrate.Module.Parameters;
using OsMigrate.Module.Pipeline;
using OsMigrate.Module.VSphere;
using OsMigrate.Net;
using OsMigrate.VSphere.Sessions;

namespace OsMigrate.Module.Commands.VSphere;

/// <summary>Connects to a vCenter or ESXi host.</summary>
[Cmdlet(VerbsCommunications.Connect, "VSphere", DefaultParameterSetName = ByPassword, SupportsShouldProcess = true)]
[OutputType(typeof(VSphereConnection))]
public sealed class ConnectVSphereCommand : AsyncCmdlet
{
    private const string ByPassword = "Password";
    private const string BySession = "Session";
    private const string ByToken = "Token";
    private const string ByCookie = "Cookie";

    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true, ParameterSetName = ByPassword)]
    [Parameter(Mandatory = true, Position = 0, ParameterSetName = ByToken)]
    [Parameter(Mandatory = true, Position = 0, ParameterSetName = ByCookie)]
    [ValidateNotNullOrEmpty]
    public string[] Server { get; set; } = [];

    [Parameter(Mandatory = true, Position = 1, ParameterSetName = ByPassword)]
    [Credential]
    public PSCredential? Credential { get; set; }

    [Parameter(Mandatory = true, ParameterSetName = BySession)]
    [ValidateNotNull]
    public PSObject? VIServer { get; set; }

    [Parameter(Mandatory = true, ParameterSetName = ByToken)]
    [ValidateNotNull]
    public SecureString? Token { get; set; }

    [Parameter(Mandatory = true, ParameterSetName = ByCookie)]
    [ValidateNotNull]
    public SecureString? SessionSecret { get; set; }

    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? Thumbprint { get; set; }

    [Parameter]
    [ArgumentCompleter(typeof(FileCompleter))]
    public string? CACertificate { get; set; }

    [Parameter]
    public SwitchParameter SkipCertificateCheck { get; set; }

    [Parameter]
    public SwitchParameter NoDefault { get; set; }

    private TlsSettings _tls = new();

    protected override void CheckParameters()
    {
        if (Thumbprint is not null && Thumbprints.Normal(Thumbprint) is null)
            throw new OsMigrateException(ErrorIds.VSphereSettings, ErrorKind.InvalidArgument, "-Thumbprint is not a SHA-256 (64 hex digits) or SHA-1 (40) of a certificate.", Thumbprint);
        if (new[] { Thumbprint is not null, CACertificate is not null, SkipCertificateCheck.IsPresent }.Count(static given => given) > 1)
            throw new OsMigrateException(ErrorIds.BadRequest, ErrorKind.InvalidArgument, "Of -Thumbprint, -CACertificate and -SkipCertificateCheck only one has a meaning.");
        _tls = new TlsSettings
        {
            Verify = !SkipCertificateCheck,
            Thumbprint = Thumbprint,
            AuthorityFile = CACertificate is null ? null : FilePaths.Existing(SessionState, CACertificate),
        };
    }

    protected override void TakeRecord()
    {
        if (ParameterSetName == BySession)
        {
            var session = Attempt(VIServer, () => PowerCliReader.ServerSession(VIServer!) ?? throw new OsMigrateException(ErrorIds.InteropNoSession, ErrorKind.InvalidArgument, "This is no connection of PowerCLI: $global:DefaultVIServer is one."), default((Uri Address, Secret Cookie)?));
            if (session is { } known)
                Run(known.Address, () => Open(VSphereServer.Of(known.Address.AbsoluteUri), "the user of PowerCLI's session", VSphereLogin.FromSession(known.Cookie)));
            return;
        }

        foreach (var address in Server)
            Run(address, () => Open(VSphereServer.Of(address), UserText, Login()));
    }

    private string UserText => ParameterSetName switch
    {
        ByToken => "the user of the token",
        ByCookie => "the user of the session",
        _ => $"'{Credential!.UserName}'",
    };

    private VSphereLogin Login() => ParameterSetName switch
    {
        ByToken => VSphereLogin.WithToken(Plain(Token!)),
        ByCookie => VSphereLogin.FromSession(Plain(SessionSecret!)),
        _ => VSphereLogin.WithPassword(Credential!.UserName.TrimStart('\\'), new Secret(Credential.GetNetworkCredential().Password)),
    };

    private static Secret Plain(SecureString text) => new(new System.Net.NetworkCredential("", text).Password);

    private void Open(VSphereServer given, string user, VSphereLogin login)
    {
        var server = given with { Tls = _tls };
        if (!Confirm($"Connect to '{server.Name}' as {user}.", $"Connect to '{server.Name}'?"))
            return;
        if (SkipCertificateCheck)
            Warn($"The certificate of {server.Name} is not verified, as asked. Anyone on the way can read and change what is sent.");
        Emit(new VSphereConnection(VSphereSessions.Connect(server, login, asDefault: !NoDefault, Tell, Cancel)));
    }
}
