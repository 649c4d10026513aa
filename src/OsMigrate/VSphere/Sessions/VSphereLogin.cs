using OsMigrate.Bytes;

namespace OsMigrate.VSphere.Sessions;

/// <summary>How a session is had: user and password, a token of vCenter's Single Sign-On, or the session of somebody else who is connected already.</summary>
public sealed class VSphereLogin
{
    private VSphereLogin()
    {
    }

    /// <summary>Null for a borrowed session.</summary>
    public string? User { get; private init; }

    /// <summary>Value of another client's session cookie, without quotes; null for user and password.</summary>
    internal Secret? Cookie { get; private init; }

    internal Secret? Password { get; private init; }

    /// <summary>A SAML assertion, XML; null for the others.</summary>
    internal Secret? Token { get; private init; }

    internal IEnumerable<Secret?> Secrets => [Password, Cookie, Token];

    public static VSphereLogin WithPassword(string user, Secret password) => new() { User = user, Password = password };

    /// <summary>Uses a session that PowerCLI (or another client) holds: a clone of it where the server allows, else the session itself, which is then never ended by us.</summary>
    /// <param name="cookie">Value of vmware_soap_session; quotes around it, which PowerCLI keeps, do not matter.</param>
    public static VSphereLogin FromSession(Secret cookie) => new() { Cookie = new Secret(cookie.Reveal().Trim('"')) };

    /// <summary>Uses a bearer token of Single Sign-On, until it expires.</summary>
    /// <param name="assertion">The SAML 2.0 assertion as XML.</param>
    /// <exception cref="OsMigrateException"><see cref="ErrorIds.VSphereSettings"/>: it is none.</exception>
    public static VSphereLogin WithToken(Secret assertion)
    {
        SsoToken.Read(assertion);
        return new() { Token = assertion };
    }
}
