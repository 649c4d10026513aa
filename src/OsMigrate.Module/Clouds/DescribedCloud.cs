using System.Management.Automation;
using System.Security;
using OsMigrate.Bytes;
using OsMigrate.Net;
using OsMigrate.OpenStack.Clouds;

namespace OsMigrate.Module.Clouds;

/// <summary>A cloud that is described by parameters instead of a file.</summary>
internal sealed class DescribedCloud(string? name, Uri address)
{
    public string? Region { get; init; }

    public string Interface { get; init; } = "public";

    /// <summary>Full path.</summary>
    public string? AuthorityFile { get; init; }

    public bool SkipCertificateCheck { get; init; }

    public string UserDomainName { get; init; } = "Default";

    public string? ProjectName { get; init; }

    public string? ProjectId { get; init; }

    public string ProjectDomainName { get; init; } = "Default";

    /// <exception cref="OsMigrateException"><see cref="ErrorIds.CloudSettings"/>.</exception>
    public CloudConfig Config(PSCredential? user, PSCredential? application) => new()
    {
        Name = name ?? Checked().Host,
        Origin = "parameters",
        AuthUrl = Checked(),
        Credentials = user is not null ? Password(user) : Application(application!),
        RegionName = Region,
        Interface = Interface,
        Tls = new TlsSettings { Verify = !SkipCertificateCheck, AuthorityFile = AuthorityFile },
        Notices = SkipCertificateCheck ? [$"The certificate of {address.Host} is not verified, as asked. Anyone on the way can read and change what is sent."] : [],
    };

    private Uri Checked()
        => address.IsAbsoluteUri && address.Scheme is "http" or "https" && address.UserInfo.Length == 0
            ? address
            : throw new OsMigrateException(ErrorIds.CloudSettings, ErrorKind.InvalidArgument, "-AuthUrl must be an http or https address without a user in it.");

    private CloudCredentials Password(PSCredential user) => new()
    {
        Methods = ["password"],
        UserName = user.UserName.TrimStart('\\'),
        UserDomainName = UserDomainName,
        Password = Reveal(user.Password),
        Scope = ProjectId is not null ? new CloudScope { ProjectId = ProjectId } : ProjectName is not null ? new CloudScope { ProjectName = ProjectName, ProjectDomainName = ProjectDomainName } : new CloudScope(),
    };

    private static CloudCredentials Application(PSCredential application) => new()
    {
        Methods = ["application_credential"],
        ApplicationCredentialId = application.UserName.TrimStart('\\'),
        ApplicationCredentialSecret = Reveal(application.Password),
    };

    private static Secret Reveal(SecureString secret) => new(new System.Net.NetworkCredential("", secret).Password);
}
